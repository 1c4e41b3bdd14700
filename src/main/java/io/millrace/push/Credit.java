package io.millrace.push;

/**
 * How much a subscription may still be sent, in records and in bytes. Any positive credit admits
 * one whole frame, so each may fall below zero by one frame.
 *
 * <p>Confined to: its subscription. Pure.
 */
final class Credit {
  /** Records that a subscription begins with unless it says otherwise. */
  static final long RECORDS_DEFAULT = 256;

  /** Bytes that a subscription begins with unless it says otherwise. */
  static final long BYTES_DEFAULT = 256 << 10;

  /** No credit can be larger: more given is lost. */
  static final long MAX = 1L << 40;

  private long records;
  private long bytes;

  Credit(long records, long bytes) {
    this.records = Math.min(MAX, records);
    this.bytes = Math.min(MAX, bytes);
  }

  /** Credit that never ends: something else holds the sender back. */
  static Credit unlimited() {
    return new Credit(MAX, MAX);
  }

  boolean admits() {
    return records > 0 && bytes > 0;
  }

  void take(long usedRecords, long usedBytes) {
    records -= usedRecords;
    bytes -= usedBytes;
  }

  void give(long moreRecords, long moreBytes) {
    records = Math.min(MAX, records + Math.min(MAX, moreRecords));
    bytes = Math.min(MAX, bytes + Math.min(MAX, moreBytes));
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }
}
