package io.millrace.browser;

/**
 * Offsets that a reader did not and will not get. Immutable.
 *
 * @param from first offset that is missing
 * @param to offset that follows the last one; less than {@code from} when the log was truncated:
 *     what was read from there on is no longer true
 * @param why the cause
 */
public record Gap(long from, long to, Why why) {

  /** Why records are missing. */
  public enum Why {
    /** Retention, or somebody, deleted them. */
    RETENTION,
    /** They were read, and lost with a leader before they were committed. */
    TRUNCATED,
    /** The reader asked to skip when too far behind. */
    SKIPPED,
    /** Compaction removed them. */
    COMPACTED,
    /** They stand in the log, but their bytes cannot be read. */
    UNREADABLE;

    /** As clients see it. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
