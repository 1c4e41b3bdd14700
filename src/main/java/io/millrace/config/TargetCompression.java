package io.millrace.config;

import java.util.Locale;

/** What codec stored batches have ({@code compression.type}). */
public enum TargetCompression {
  /** The one that the producer chose. */
  PRODUCER,
  /** None. */
  UNCOMPRESSED,
  /** gzip. */
  GZIP,
  /** Snappy. */
  SNAPPY,
  /** LZ4, framed. */
  LZ4,
  /** Zstandard. */
  ZSTD;

  static TargetCompression of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
