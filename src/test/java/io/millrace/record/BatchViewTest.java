package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class BatchViewTest {
  private static final long PRODUCER = 4711;
  private static final short EPOCH = 3;

  private static ByteBuffer batch(int sequence) {
    return MemoryRecords.withIdempotentRecords(
            RecordBatch.MAGIC_VALUE_V2,
            100,
            Compression.gzip().build(),
            PRODUCER,
            EPOCH,
            sequence,
            9,
            new SimpleRecord(1000, "a".getBytes(), "x".getBytes()),
            new SimpleRecord(3000, "b".getBytes(), "y".getBytes()),
            new SimpleRecord(2000, "c".getBytes(), "z".getBytes()))
        .buffer();
  }

  private static RecordBatch asKafka(ByteBuffer buffer) {
    RecordBatch batch =
        MemoryRecords.readableRecords(buffer.duplicate()).batches().iterator().next();
    batch.ensureValid();
    return batch;
  }

  @Test
  void readsWhatKafkaWrote() {
    BatchView view = new BatchView().wrap(batch(5), 0);

    assertThat(view.baseOffset()).isEqualTo(100);
    assertThat(view.lastOffset()).isEqualTo(102);
    assertThat(view.nextOffset()).isEqualTo(103);
    assertThat(view.sizeBytes()).isEqualTo(view.buffer().limit());
    assertThat(view.leaderEpoch()).isEqualTo(9);
    assertThat(view.magic()).isEqualTo((byte) 2);
    assertThat(view.count()).isEqualTo(3);
    assertThat(view.baseTimestamp()).isEqualTo(1000);
    assertThat(view.maxTimestamp()).isEqualTo(3000);
    assertThat(view.producerId()).isEqualTo(PRODUCER);
    assertThat(view.producerEpoch()).isEqualTo(EPOCH);
    assertThat(view.baseSequence()).isEqualTo(5);
    assertThat(view.lastSequence()).isEqualTo(7);
    assertThat(view.compression()).isEqualTo(CompressionType.GZIP);
    assertThat(view.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    assertThat(view.isTransactional()).isFalse();
    assertThat(view.isControl()).isFalse();
    assertThat(view.hasDeleteHorizon()).isFalse();
    assertThat(view.crcMatches()).isTrue();
  }

  @Test
  void readsABatchInTheMiddleOfABuffer() {
    ByteBuffer one = batch(5);
    ByteBuffer both = ByteBuffer.allocateDirect(2 * one.limit());
    both.put(one.duplicate()).put(one.duplicate()).clear();

    BatchView view = new BatchView().wrap(both, 0);
    view.wrap(both, view.end());

    assertThat(view.position()).isEqualTo(one.limit());
    assertThat(view.crcMatches()).isTrue();
    assertThat(view.end()).isEqualTo(both.limit());
    assertThat(view.bytes()).isEqualTo(one);
    assertThat(view.records().remaining()).isEqualTo(one.limit() - BatchView.HEADER_BYTES);
  }

  @Test
  void offsetAndLeaderEpochAreSetOutsideTheCrc() {
    ByteBuffer buffer = batch(5);
    BatchView view = new BatchView().wrap(buffer, 0);
    long crc = view.crc();

    view.setBaseOffset(5_000_000_000L);
    view.setLeaderEpoch(12);

    assertThat(view.crc()).isEqualTo(crc);
    assertThat(asKafka(buffer).baseOffset()).isEqualTo(5_000_000_000L);
    assertThat(asKafka(buffer).partitionLeaderEpoch()).isEqualTo(12);
    view.setLastOffset(9);
    assertThat(view.baseOffset()).isEqualTo(7);
  }

  @Test
  void logAppendTimeIsSetWithANewCrc() {
    ByteBuffer buffer = batch(5);

    new BatchView().wrap(buffer, 0).setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 77_000);

    RecordBatch batch = asKafka(buffer);
    assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(batch.maxTimestamp()).isEqualTo(77_000);
    assertThat(batch.iterator().next().timestamp()).isEqualTo(77_000);
  }

  @Test
  void everyFlippedBitBehindTheCrcIsSeen() {
    byte[] bytes = new byte[batch(5).limit()];
    batch(5).get(bytes);
    for (int at = 17; at < bytes.length; at++) {
      byte[] broken = Arrays.copyOf(bytes, bytes.length);
      broken[at] ^= 0x10;
      assertThat(new BatchView().wrap(ByteBuffer.wrap(broken), 0).crcMatches())
          .as("byte %d", at)
          .isFalse();
    }
  }

  @Test
  void sequenceWrapsToZero() {
    assertThat(new BatchView().wrap(batch(Integer.MAX_VALUE - 1), 0).lastSequence()).isZero();
    assertThat(BatchView.sequencePlus(Integer.MAX_VALUE, 1)).isZero();
  }
}
