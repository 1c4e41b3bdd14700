package io.millrace.eventloop;

/**
 * Kinds of work that no event loop or storage shard may do itself; each kind has threads of its
 * own.
 */
public enum Work {
  /** Forcing files of one log folder to disk. */
  FLUSH,
  /** First touch of bytes that are likely not in the page cache. */
  COLD_READ,
  /** Reading what a coordinator remembers from its partition: groups wait for it. */
  LOAD,
  /** Retention, compaction, recovery, recovery points; low priority. */
  HOUSEKEEPING,
  /** Decompression and recompression of large batches. */
  DECOMPRESS
}
