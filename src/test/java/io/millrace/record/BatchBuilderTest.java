package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchBuilderTest {
  private static final List<Header> HEADERS =
      List.of(new RecordHeader("naïve", "h".getBytes()), new RecordHeader("none", null));

  private static BatchBuilder three() {
    return new BatchBuilder()
        .add(1000, bytes("a"), bytes("x".repeat(100)), HEADERS)
        .add(900, null, bytes("y"))
        .add(5000, bytes("c"), null);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes());
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void kafkaReadsWhatWasBuilt(CompressionType codec) {
    ByteBuffer built = three().build(Compression.of(codec).build(), 7, (short) 1, 40);

    RecordBatch batch = MemoryRecords.readableRecords(built).batches().iterator().next();
    batch.ensureValid();
    assertThat(batch.compressionType()).isEqualTo(codec);
    assertThat(batch.maxTimestamp()).isEqualTo(5000);
    assertThat(batch.baseSequence()).isEqualTo(40);
    List<Record> records = new ArrayList<>();
    batch.forEach(records::add);
    assertThat(records).extracting(Record::offset).containsExactly(0L, 1L, 2L);
    assertThat(records).extracting(Record::timestamp).containsExactly(1000L, 900L, 5000L);
    assertThat(records).extracting(Record::hasKey).containsExactly(true, false, true);
    assertThat(records).extracting(Record::hasValue).containsExactly(true, true, false);
    assertThat(records.get(0).headers()).containsExactlyElementsOf(HEADERS);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void iteratorReadsWhatWasBuilt(CompressionType codec) throws Exception {
    BatchView batch = new BatchView().wrap(three().build(Compression.of(codec).build()), 0);
    batch.setBaseOffset(70);

    RecordIterator records = new RecordIterator(batch, BatchDecoder.records(batch, 1 << 20));

    assertThat(records.next()).isTrue();
    assertThat(records.offset()).isEqualTo(70);
    assertThat(records.timestamp()).isEqualTo(1000);
    assertThat(records.key()).isEqualTo(bytes("a"));
    assertThat(records.value()).isEqualTo(bytes("x".repeat(100)));
    assertThat(records.headers()).isEqualTo(HEADERS);
    assertThat(records.next()).isTrue();
    assertThat(records.timestamp()).isEqualTo(900);
    assertThat(records.key()).isNull();
    assertThat(records.headers()).isEmpty();
    assertThat(records.next()).isTrue();
    assertThat(records.value()).isNull();
    assertThat(records.offsetDelta()).isEqualTo(2);
    assertThat(records.next()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionType.class,
      names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
  void decodingStopsAtItsBound(CompressionType codec) {
    ByteBuffer bomb =
        new BatchBuilder()
            .add(0, null, ByteBuffer.allocate(4 << 20))
            .build(Compression.of(codec).build());
    BatchView batch = new BatchView().wrap(bomb, 0);

    assertThatThrownBy(() -> BatchDecoder.records(batch, 1 << 20))
        .isInstanceOfSatisfying(
            InvalidRecordsException.class,
            e -> assertThat(e.error()).isEqualTo(Errors.MESSAGE_TOO_LARGE));
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionType.class,
      names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
  void decodingAtExactlyTheBoundSucceeds(CompressionType codec) throws Exception {
    BatchBuilder builder = new BatchBuilder().add(0, null, ByteBuffer.allocate(100_000));
    int plain = builder.sizeBytes() - BatchView.HEADER_BYTES;
    BatchView batch = new BatchView().wrap(builder.build(Compression.of(codec).build()), 0);

    assertThat(BatchDecoder.records(batch, plain).remaining()).isEqualTo(plain);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void hostileBytesGiveAnAnswerAndNothingElse(CompressionType codec) {
    long seed = 20260711;
    Random random = new Random(seed);
    ByteBuffer good = three().build(Compression.of(codec).build());
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[good.limit()];
      good.get(0, bytes);
      for (int flips = 0; flips < 3; flips++) {
        bytes[61 + random.nextInt(bytes.length - 61)] = (byte) random.nextInt();
      }
      BatchView batch = new BatchView().wrap(ByteBuffer.wrap(bytes), 0);
      try {
        RecordIterator records = new RecordIterator(batch, BatchDecoder.records(batch, 1 << 16));
        while (records.next()) {
          assertThat(records.headers()).as("seed %d", seed).isNotNull();
        }
      } catch (InvalidRecordsException e) {
        assertThat(e.error())
            .as("seed %d", seed)
            .isIn(Errors.INVALID_RECORD, Errors.MESSAGE_TOO_LARGE);
      }
    }
  }

  @Test
  void leftOverBytesAreRefused() throws Exception {
    ByteBuffer built = three().build();
    BatchView batch = new BatchView().wrap(built, 0);
    built.putInt(57, 2);
    RecordIterator records = new RecordIterator(batch, batch.records());
    records.next();
    records.next();

    assertThatThrownBy(records::next).isInstanceOf(InvalidRecordsException.class);
  }
}
