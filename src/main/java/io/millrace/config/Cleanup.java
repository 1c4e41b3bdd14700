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
}
