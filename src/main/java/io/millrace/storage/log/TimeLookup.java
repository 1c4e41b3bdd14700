package io.millrace.storage.log;

import java.io.IOException;

/** Finds offsets by a segment's time index. Thread-safe. */
interface TimeLookup {

  /**
   * Offset of the last entry whose timestamp is at most {@code timestampMs}; the base offset when
   * there is none. No record before it has a larger timestamp than that entry.
   */
  long floor(long timestampMs) throws IOException;
}
