package io.millrace.storage.log.clean;

import io.millrace.storage.log.AbortedTxn;
import io.millrace.storage.log.LogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Builds sealed segments in memory and collects what a compaction makes of them. */
final class InMemorySegments implements TargetSegment.Factory {
  final List<Target> targets = new ArrayList<>();

  static SimpleRecord put(String key, String value) {
    return put(key, value, 1_000);
  }

  static SimpleRecord put(String key, String value, long timestampMs) {
    return new SimpleRecord(timestampMs, key.getBytes(), value == null ? null : value.getBytes());
  }

  static SimpleRecord tombstone(String key) {
    return put(key, null);
  }

  /** A batch without a producer. */
  static byte[] batch(long baseOffset, SimpleRecord... records) {
    return batch(baseOffset, Compression.NONE, -1, -1, records);
  }

  static byte[] batch(
      long baseOffset,
      Compression compression,
      long producerId,
      int baseSequence,
      SimpleRecord... records) {
    return build(baseOffset, compression, producerId, baseSequence, false, records);
  }

  static byte[] transactional(long baseOffset, long producerId, SimpleRecord... records) {
    return build(baseOffset, Compression.NONE, producerId, 0, true, records);
  }

  private static byte[] build(
      long baseOffset,
      Compression compression,
      long producerId,
      int baseSequence,
      boolean transactional,
      SimpleRecord... records) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1024),
            RecordBatch.CURRENT_MAGIC_VALUE,
            compression,
            TimestampType.CREATE_TIME,
            baseOffset,
            -1,
            producerId,
            (short) (producerId < 0 ? -1 : 0),
            baseSequence,
            transactional,
            0);
    for (SimpleRecord record : records) {
      builder.append(record);
    }
    return bytes(builder.build().buffer());
  }

  static byte[] marker(
      long offset,
      long producerId,
      org.apache.kafka.common.record.internal.ControlRecordType type) {
    return bytes(
        MemoryRecords.withEndTransactionMarker(
                offset,
                1_000,
                0,
                producerId,
                (short) 0,
                new org.apache.kafka.common.record.internal.EndTransactionMarker(type, 0))
            .buffer());
  }

  static SourceSegment segment(List<AbortedTxn> aborted, byte[]... batches) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] batch : batches) {
      bytes.writeBytes(batch);
    }
    List<RecordBatch> all = new ArrayList<>();
    MemoryRecords.readableRecords(ByteBuffer.wrap(bytes.toByteArray())).batches().forEach(all::add);
    return new SourceSegment(
        all.get(0).baseOffset(),
        all.get(all.size() - 1).nextOffset(),
        bytes.size(),
        1_000,
        Path.of("%020d.log".formatted(all.get(0).baseOffset())),
        new BytesFile(bytes.toByteArray()),
        aborted);
  }

  static SourceSegment segment(byte[]... batches) {
    return segment(List.of(), batches);
  }

  /** All that the targets hold, as {@code offset:key=value}. */
  List<String> records() {
    List<String> all = new ArrayList<>();
    for (RecordBatch batch : batches()) {
      for (Record record : batch) {
        all.add(record.offset() + ":" + text(record.key()) + "=" + text(record.value()));
      }
    }
    return all;
  }

  List<RecordBatch> batches() {
    List<RecordBatch> all = new ArrayList<>();
    for (Target target : targets) {
      MemoryRecords.readableRecords(ByteBuffer.wrap(target.bytes.toByteArray()))
          .batches()
          .forEach(all::add);
    }
    return all;
  }

  /** The targets as sources of the next compaction. */
  List<SourceSegment> asSources() {
    return targets.stream().map(t -> segment(t.aborted, t.bytes.toByteArray())).toList();
  }

  @Override
  public TargetSegment create(long baseOffset) {
    Target target = new Target(baseOffset);
    targets.add(target);
    return target;
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? "null" : new String(bytes(bytes));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** A target that keeps its bytes. */
  static final class Target implements TargetSegment {
    final long baseOffset;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<AbortedTxn> aborted = new ArrayList<>();
    boolean finished;
    boolean abandoned;
    IOException failure;

    Target(long baseOffset) {
      this.baseOffset = baseOffset;
    }

    @Override
    public void append(ByteBuffer batches) throws IOException {
      if (failure != null) {
        throw failure;
      }
      bytes.writeBytes(InMemorySegments.bytes(batches));
    }

    @Override
    public void append(AbortedTxn txn) {
      aborted.add(txn);
    }

    @Override
    public long sizeBytes() {
      return bytes.size();
    }

    @Override
    public void finish() {
      finished = true;
    }

    @Override
    public void abandon() {
      abandoned = true;
    }
  }

  private record BytesFile(byte[] content) implements LogFile {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public int read(ByteBuffer dst, long position) {
      int bytes = (int) Math.max(0, Math.min(dst.remaining(), content.length - position));
      dst.put(Arrays.copyOfRange(content, (int) position, (int) position + bytes));
      return bytes;
    }

    @Override
    public void write(ByteBuffer[] srcs, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel channel() {
      return null;
    }

    @Override
    public void close() {}
  }
}
