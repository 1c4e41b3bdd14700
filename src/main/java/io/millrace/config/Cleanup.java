package io.millrace.config;

import java.util.List;

/**
 * What happens to a topic's old records ({@code cleanup.policy}).
 *
 * @param delete old segments are deleted by age and size
 * @param compact of the records with the same key only the last is kept
 *     <p>Immutable.
 */
public record Cleanup(boolean delete, boolean compact) {
  static Cleanup of(List<String> policy) {
    return new Cleanup(policy.contains("delete"), policy.contains("compact"));
  }

  /** The policy as it is written: {@code delete}, {@code compact} or {@code compact,delete}. */
  public String text() {
    return compact && delete ? "compact,delete" : compact ? "compact" : delete ? "delete" : "";
  }
}
