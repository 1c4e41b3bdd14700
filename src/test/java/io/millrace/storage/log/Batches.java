package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Makes batches for tests, with Kafka's own builder. */
final class Batches {
  private Batches() {}

  /** A batch of {@code count} records with a value of {@code valueBytes}; timestamps count up. */
  static ByteBuffer of(int count, int valueBytes, long timestampMs) {
    return idempotent(count, valueBytes, timestampMs, -1, (short) -1, -1);
  }

  /** A batch with the given values, all with one timestamp. */
  static ByteBuffer ofValues(long timestampMs, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(timestampMs, null, values[i].getBytes());
    }
    return MemoryRecords.withRecords(
            (byte) 2, 0, Compression.NONE, TimestampType.CREATE_TIME, records)
        .buffer();
  }

  static ByteBuffer idempotent(
      int count, int valueBytes, long timestampMs, long producerId, short epoch, int sequence) {
    return build(count, valueBytes, timestampMs, producerId, epoch, sequence, false);
  }

  static ByteBuffer transactional(
      int count, long timestampMs, long producerId, short epoch, int sequence) {
    return build(count, 10, timestampMs, producerId, epoch, sequence, true);
  }

  static ByteBuffer marker(boolean abort, long timestampMs, long producerId, short epoch) {
    ControlRecordType type = abort ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
    return MemoryRecords.withEndTransactionMarker(
            0, timestampMs, 0, producerId, epoch, new EndTransactionMarker(type, 0))
        .buffer();
  }

  private static ByteBuffer build(
      int count,
      int valueBytes,
      long timestampMs,
      long producerId,
      short epoch,
      int sequence,
      boolean transactional) {
    SimpleRecord[] records = new SimpleRecord[count];
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[valueBytes];
      java.util.Arrays.fill(value, (byte) ('a' + i % 26));
      records[i] = new SimpleRecord(timestampMs + i, ("key" + i).getBytes(), value);
    }
    return MemoryRecords.withRecords(
            (byte) 2,
            0,
            Compression.NONE,
            TimestampType.CREATE_TIME,
            producerId,
            epoch,
            sequence,
            0,
            transactional,
            records)
        .buffer();
  }

  /** Offset behind the last batch in a buffer. */
  static long nextOffset(ByteBuffer bytes) {
    BatchView batch = new BatchView();
    long next = -1;
    for (int at = bytes.position(); at < bytes.limit(); at = batch.end()) {
      next = batch.wrap(bytes, at).nextOffset();
    }
    return next;
  }

  /** Base offsets of the batches in a buffer. */
  static List<Long> baseOffsets(ByteBuffer bytes) {
    List<Long> offsets = new ArrayList<>();
    BatchView batch = new BatchView();
    for (int at = bytes.position(); at < bytes.limit(); at = batch.end()) {
      offsets.add(batch.wrap(bytes, at).baseOffset());
    }
    return offsets;
  }
}
