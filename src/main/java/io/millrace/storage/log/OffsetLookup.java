package io.millrace.storage.log;

import java.io.IOException;

/** Finds positions by a segment's offset index. Thread-safe. */
interface OffsetLookup {

  /** Position of the last indexed batch whose last offset is at most {@code offset}; 0 if none. */
  long floorByOffset(long offset) throws IOException;

  /** The last indexed position that is at most {@code position}; 0 when there is none. */
  long floorByPosition(long position) throws IOException;
}
