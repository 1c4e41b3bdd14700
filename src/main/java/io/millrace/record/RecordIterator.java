package io.millrace.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one v2 batch and checks each length against the bytes at hand.
 *
 * <p>A flyweight: {@link #next} moves it; keys, values and headers are made only when asked for, as
 * views on the buffer. Layout: Kafka's documentation, "Record" (KIP-82, KIP-98).
 *
 * <p>Confined to: the thread that made it.
 */
public final class RecordIterator {
  private final ByteBuffer records;
  private final int count;
  private final long baseOffset;
  private final long baseTimestamp;
  private final long logAppendTime;

  private int index = -1;
  private int at;
  private int recordStart;
  private int timestampDeltaAt;
  private int afterTimestampDelta;
  private long timestampDelta;
  private int offsetDelta;
  private int keyAt;
  private int keyBytes;
  private int valueAt;
  private int valueBytes;
  private int headersAt;
  private int headersCount;

  /**
   * Begins in front of the first record.
   *
   * @param batch header of the batch; not used after the constructor
   * @param records the records, not compressed, from index 0 to the limit
   */
  public RecordIterator(BatchView batch, ByteBuffer records) {
    this.records = records;
    this.count = batch.count();
    this.baseOffset = batch.baseOffset();
    this.baseTimestamp = batch.baseTimestamp();
    this.logAppendTime =
        batch.timestampType() == TimestampType.LOG_APPEND_TIME
            ? batch.maxTimestamp()
            : BatchView.NO_TIMESTAMP;
  }

  /**
   * Moves to the next record.
   *
   * @return false when all that the header counts were visited
   * @throws InvalidRecordsException INVALID_RECORD when lengths do not fit each other, or bytes are
   *     left behind the last record
   */
  public boolean next() throws InvalidRecordsException {
    if (index + 1 >= count) {
      if (at != records.limit()) {
        throw invalid("Incorrect declared batch size, records still remaining in file");
      }
      return false;
    }
    index++;
    recordStart = at;
    try {
      readRecord();
    } catch (IndexOutOfBoundsException e) {
      throw invalid("Found invalid record structure");
    }
    return true;
  }

  private void readRecord() throws InvalidRecordsException {
    int bodyBytes = varint();
    int bodyAt = at;
    if (bodyBytes < 0 || bodyBytes > records.limit() - at) {
      throw invalid(
          "Invalid record size: expected "
              + bodyBytes
              + " bytes in record payload, but "
              + (records.limit() - at)
              + " are left");
    }
    at++; // attributes: unused
    timestampDeltaAt = at;
    timestampDelta = varlong();
    afterTimestampDelta = at;
    offsetDelta = varint();
    keyBytes = varint();
    keyAt = at;
    skip(keyBytes);
    valueBytes = varint();
    valueAt = at;
    skip(valueBytes);
    readHeaders();
    if (at != bodyAt + bodyBytes) {
      throw invalid(
          "Invalid record size: expected to read "
              + bodyBytes
              + " bytes in record payload, but instead read "
              + (at - bodyAt));
    }
  }

  private void readHeaders() throws InvalidRecordsException {
    headersCount = varint();
    headersAt = at;
    if (headersCount < 0) {
      throw invalid("Found invalid number of record headers " + headersCount);
    }
    if (headersCount > records.limit() - at) {
      throw invalid(
          "Found invalid number of record headers. "
              + headersCount
              + " is larger than the remaining size of the buffer");
    }
    for (int i = 0; i < headersCount; i++) {
      int nameBytes = varint();
      if (nameBytes < 0) {
        throw invalid("Invalid negative header key size " + nameBytes);
      }
      skip(nameBytes);
      skip(varint());
    }
  }

  private void skip(int bytes) throws InvalidRecordsException {
    if (bytes > records.limit() - at) {
      throw invalid("Found invalid record structure");
    }
    if (bytes > 0) {
      at += bytes;
    }
  }

  private int varint() throws InvalidRecordsException {
    byte first = records.get(at);
    if (first >= 0) {
      at++;
      return (first >>> 1) ^ -(first & 1);
    }
    byte second = records.get(at + 1);
    if (second >= 0) {
      at += 2;
      int value = (first & 0x7f) | second << 7;
      return (value >>> 1) ^ -(value & 1);
    }
    return longVarint();
  }

  private int longVarint() throws InvalidRecordsException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte b = records.get(at++);
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw invalid("Varint is too long");
  }

  private long varlong() throws InvalidRecordsException {
    byte first = records.get(at);
    if (first >= 0) {
      at++;
      return (first >>> 1) ^ -(first & 1);
    }
    return longVarlong();
  }

  private long longVarlong() throws InvalidRecordsException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte b = records.get(at++);
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw invalid("Varlong is too long");
  }

  private static InvalidRecordsException invalid(String message) {
    return new InvalidRecordsException(Errors.INVALID_RECORD, message);
  }

  /** Index of the record in its batch, from 0. */
  public int index() {
    return index;
  }

  /** Offset minus the batch's base offset. */
  public int offsetDelta() {
    return offsetDelta;
  }

  /** Offset in the log. */
  public long offset() {
    return baseOffset + offsetDelta;
  }

  /** Timestamp in ms; that of the batch when it has log append time. */
  public long timestamp() {
    return logAppendTime != BatchView.NO_TIMESTAMP ? logAppendTime : baseTimestamp + timestampDelta;
  }

  /** Timestamp in ms as the producer gave it, whatever the batch's timestamp type. */
  public long createTimestamp() {
    return baseTimestamp + timestampDelta;
  }

  /** Whether the record has a key. */
  public boolean hasKey() {
    return keyBytes >= 0;
  }

  /** Whether the record has a value; without one it is a tombstone. */
  public boolean hasValue() {
    return valueBytes >= 0;
  }

  /** A view on the key; null when there is none. */
  public @Nullable ByteBuffer key() {
    return keyBytes < 0 ? null : records.slice(keyAt, keyBytes);
  }

  /** A view on the value; null when there is none. */
  public @Nullable ByteBuffer value() {
    return valueBytes < 0 ? null : records.slice(valueAt, valueBytes);
  }

  /** Whether the record has headers. */
  public boolean hasHeaders() {
    return headersCount > 0;
  }

  /** The headers, copied; names are UTF-8. */
  public List<Header> headers() {
    if (headersCount == 0) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>(headersCount);
    int end = at;
    try {
      at = headersAt;
      for (int i = 0; i < headersCount; i++) {
        byte[] name = bytes(varint());
        int size = varint();
        headers.add(
            new RecordHeader(
                new String(name, StandardCharsets.UTF_8), size < 0 ? null : bytes(size)));
      }
    } catch (InvalidRecordsException e) {
      throw new IllegalStateException("headers were checked by next()", e);
    } finally {
      at = end;
    }
    return headers;
  }

  private byte[] bytes(int size) {
    byte[] copy = new byte[size];
    records.get(at, copy);
    at += size;
    return copy;
  }

  /** A view on the whole record, its length field included. */
  public ByteBuffer bytes() {
    return records.slice(recordStart, at - recordStart);
  }

  /** Bytes of the record in front of and behind its timestamp, to write it with another base. */
  ByteBuffer attributes() {
    return records.slice(timestampDeltaAt - 1, 1);
  }

  /** Bytes of the record from the offset delta on. */
  ByteBuffer afterTimestamp() {
    return records.slice(afterTimestampDelta, at - afterTimestampDelta);
  }
}
