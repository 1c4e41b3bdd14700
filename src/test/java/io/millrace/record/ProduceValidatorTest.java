package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicPartition;
import io.millrace.record.ProduceValidator.Checked;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceValidatorTest {
  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
  private static final long NOW = 1_750_000_000_000L;
  private static final int LATEST = 13;

  private static ByteBuffer batch(CompressionType codec) {
    return builder().build(Compression.of(codec).build(), 7, (short) 0, 0);
  }

  private static BatchBuilder builder() {
    return new BatchBuilder()
        .add(NOW, bytes("k1"), bytes("v1"))
        .add(NOW - 5, bytes("k2"), bytes("v2"))
        .add(NOW - 10, bytes("k3"), null);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes());
  }

  private static LogConfig config(String... pairs) {
    Map<String, String> overrides = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      overrides.put(pairs[i], pairs[i + 1]);
    }
    return LogConfig.of(overrides);
  }

  private static Checked check(ByteBuffer records, LogConfig config)
      throws InvalidRecordsException {
    return ProduceValidator.check(records, LATEST, PARTITION, config, NOW);
  }

  private static InvalidRecordsException refused(ByteBuffer records, LogConfig config) {
    InvalidRecordsException e =
        catchThrowableOfType(InvalidRecordsException.class, () -> check(records, config));
    assertThat(e).as("refused").isNotNull();
    return e;
  }

  private static void expect(Errors error, ByteBuffer records) {
    assertThat(refused(records, LogConfig.DEFAULTS).error()).isEqualTo(error);
  }

  /** A batch whose header was changed and whose CRC is right again. */
  private static ByteBuffer changed(CompressionType codec, Consumer<ByteBuffer> change) {
    ByteBuffer batch = batch(codec);
    change.accept(batch);
    new BatchView().wrap(batch, 0).updateCrc();
    return batch;
  }

  private static RecordBatch asKafka(ByteBuffer batch) {
    RecordBatch kafka = MemoryRecords.readableRecords(batch.slice()).batches().iterator().next();
    kafka.ensureValid();
    return kafka;
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void keepsTheBufferOfAGoodBatch(CompressionType codec) throws Exception {
    ByteBuffer frame = ByteBuffer.allocateDirect(4096);
    frame.position(100).put(batch(codec)).flip().position(100);
    ByteBuffer before = ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();

    Checked checked = check(frame, LogConfig.DEFAULTS);

    assertThat(checked.recompressed()).isFalse();
    assertThat(checked.batch().isDirect()).isTrue();
    assertThat(checked.batch()).isEqualTo(before);
    assertThat(checked.logAppendTimeMs()).isEqualTo(-1);
  }

  @Test
  void requestWithoutABatchIsRefused() {
    expect(Errors.INVALID_RECORD, null);
    expect(Errors.INVALID_RECORD, ByteBuffer.allocate(0));
    expect(Errors.INVALID_RECORD, ByteBuffer.allocate(11));
  }

  @Test
  void partOfABatchIsNoBatch() {
    ByteBuffer whole = batch(CompressionType.NONE);
    for (int size = 12; size < whole.limit(); size++) {
      expect(Errors.INVALID_RECORD, whole.duplicate().limit(size).slice());
    }
  }

  @Test
  void secondBatchIsRefused() {
    ByteBuffer two = ByteBuffer.allocate(4096);
    two.put(batch(CompressionType.NONE)).put(batch(CompressionType.NONE)).flip();
    expect(Errors.INVALID_RECORD, two);
  }

  @Test
  void partialBatchBehindTheFirstIsCutOff() throws Exception {
    ByteBuffer one = batch(CompressionType.NONE);
    ByteBuffer more = ByteBuffer.allocate(4096).put(one.duplicate()).put(one.slice(0, 30)).flip();
    assertThat(check(more, LogConfig.DEFAULTS).batch()).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(ints = {-2147483648, -1, 0, 13})
  void absurdLengthIsCorrupt(int length) {
    expect(
        Errors.CORRUPT_MESSAGE,
        changed(CompressionType.NONE, b -> {}).duplicate().putInt(8, length));
  }

  @Test
  void batchSmallerThanItsHeaderIsCorrupt() {
    ByteBuffer small = batch(CompressionType.NONE).duplicate().limit(40).slice().putInt(8, 28);
    expect(Errors.CORRUPT_MESSAGE, small);
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 1, 3, -1})
  void otherMagicIsRefused(byte magic) {
    expect(Errors.INVALID_RECORD, batch(CompressionType.NONE).put(16, magic));
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void rejectsBatchWhoseCrcDiffers(CompressionType codec) {
    ByteBuffer batch = batch(codec);
    batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
    expect(Errors.CORRUPT_MESSAGE, batch);
  }

  @ParameterizedTest
  @CsvSource({"2,3", "3,2", "-1,3", "0,3", "2147483647,3", "2,0", "2,-1", "2,2147483647"})
  void wrongCountsAreRefused(int lastOffsetDelta, int count) {
    for (CompressionType codec : CompressionType.values()) {
      ByteBuffer wrong = changed(codec, b -> b.putInt(23, lastOffsetDelta).putInt(57, count));
      if (lastOffsetDelta + 1 == count && count == 3) {
        continue;
      }
      expect(Errors.INVALID_RECORD, wrong);
    }
  }

  @Test
  void countThatDoesNotFitTheRecordsIsRefused() {
    expect(
        Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putInt(23, 1).putInt(57, 2)));
    expect(
        Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putInt(23, 3).putInt(57, 4)));
  }

  @Test
  void baseOffsetMustBeZero() {
    expect(Errors.INVALID_RECORD, batch(CompressionType.NONE).putLong(0, 1));
  }

  @Test
  void producerNeedsASequence() {
    expect(Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putInt(53, -1)));
    expect(Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putShort(51, (short) -1)));
  }

  @Test
  void clientsMayNotSetReservedAttributes() {
    expect(Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putShort(21, (short) 0x20)));
    expect(
        Errors.INVALID_TXN_STATE, changed(CompressionType.NONE, b -> b.putShort(21, (short) 0x10)));
    expect(Errors.INVALID_RECORD, changed(CompressionType.NONE, b -> b.putShort(21, (short) 0x40)));
  }

  @Test
  void unknownCodecIsRefused() {
    expect(
        Errors.UNSUPPORTED_COMPRESSION_TYPE,
        changed(CompressionType.NONE, b -> b.putShort(21, (short) 5)));
  }

  @Test
  void oldVersionsMayNotUseZstd() {
    assertThatThrownBy(
            () ->
                ProduceValidator.check(
                    batch(CompressionType.ZSTD), 6, PARTITION, LogConfig.DEFAULTS, NOW))
        .isInstanceOfSatisfying(
            InvalidRecordsException.class,
            e -> assertThat(e.error()).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE));
  }

  @Test
  void batchAboveTheLimitIsTooLarge() throws Exception {
    ByteBuffer batch = batch(CompressionType.NONE);
    String size = Integer.toString(batch.limit());
    String below = Integer.toString(batch.limit() - 1);

    assertThat(check(batch, config("max.message.bytes", size)).batch()).isEqualTo(batch);
    assertThat(refused(batch, config("max.message.bytes", below)).error())
        .isEqualTo(Errors.MESSAGE_TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void compactedTopicNamesTheRecordsWithoutKey(CompressionType codec) throws Exception {
    LogConfig compacted = config("cleanup.policy", "compact");
    ByteBuffer keyless =
        new BatchBuilder()
            .add(NOW, bytes("k"), bytes("v"))
            .add(NOW, null, bytes("v"))
            .build(Compression.of(codec).build());

    assertThat(check(batch(codec), compacted).recompressed()).isFalse();
    InvalidRecordsException e = refused(keyless, compacted);

    assertThat(e.error()).isEqualTo(Errors.INVALID_RECORD);
    assertThat(e.recordErrors()).singleElement().satisfies(r -> assertThat(r.batchIndex()).isOne());
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void timestampTooFarInTheFutureIsRefused(CompressionType codec) throws Exception {
    LogConfig hour = config("message.timestamp.after.max.ms", "3600000");
    ByteBuffer at =
        new BatchBuilder()
            .add(NOW, null, null)
            .add(NOW + 3_600_000, null, null)
            .build(Compression.of(codec).build());
    ByteBuffer beyond =
        new BatchBuilder()
            .add(NOW, null, null)
            .add(NOW + 3_600_001, null, null)
            .build(Compression.of(codec).build());

    assertThat(check(at, hour).batch()).isEqualTo(at);
    InvalidRecordsException e = refused(beyond, hour);

    assertThat(e.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
    assertThat(e.recordErrors()).singleElement().satisfies(r -> assertThat(r.batchIndex()).isOne());
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void timestampTooFarInThePastIsRefused(CompressionType codec) {
    InvalidRecordsException e =
        refused(batch(codec), config("message.timestamp.before.max.ms", "9"));
    assertThat(e.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
    assertThat(e.recordErrors())
        .singleElement()
        .satisfies(r -> assertThat(r.batchIndex()).isEqualTo(2));
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void logAppendTimeIsStamped(CompressionType codec) throws Exception {
    Checked checked = check(batch(codec), config("message.timestamp.type", "LogAppendTime"));

    RecordBatch stored = asKafka(checked.batch());
    assertThat(checked.logAppendTimeMs()).isEqualTo(NOW);
    assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(stored.maxTimestamp()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void producerMayNotSendLogAppendTime(CompressionType codec) {
    ByteBuffer batch = batch(codec);
    new BatchView().wrap(batch, 0).setMaxTimestamp(TimestampType.LOG_APPEND_TIME, NOW);
    expect(Errors.INVALID_TIMESTAMP, batch);
  }

  @Test
  void wrongMaxTimestampOfPlainRecordsIsMended() throws Exception {
    ByteBuffer wrong = changed(CompressionType.NONE, b -> b.putLong(35, 12));
    assertThat(asKafka(check(wrong, LogConfig.DEFAULTS).batch()).maxTimestamp()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource({"uncompressed,NONE", "gzip,GZIP", "snappy,SNAPPY", "lz4,LZ4", "zstd,ZSTD"})
  void topicCodecIsAppliedAndNothingElseChanges(String type, CompressionType target)
      throws Exception {
    LogConfig config = config("compression.type", type);
    for (CompressionType source : CompressionType.values()) {
      ByteBuffer sent = batch(source);

      Checked checked = check(sent, config);

      assertThat(checked.recompressed()).isEqualTo(source != target);
      assertThat(ProduceValidator.needsDecompression(sent, config)).isEqualTo(source != target);
      RecordBatch stored = asKafka(checked.batch());
      assertThat(stored.compressionType()).isEqualTo(target);
      assertThat(stored.producerId()).isEqualTo(7);
      assertThat(stored).containsExactlyElementsOf(asKafka(batch(source)));
    }
  }

  @Test
  void bombIsRefusedWhereRecordsMustBeSeen() throws Exception {
    ByteBuffer bomb =
        new BatchBuilder()
            .add(NOW, bytes("k"), ByteBuffer.allocate(40 << 20))
            .build(Compression.zstd().build());
    assertThat(bomb.limit()).isLessThan(64 << 10);

    assertThat(refused(bomb, config("cleanup.policy", "compact")).error())
        .isEqualTo(Errors.MESSAGE_TOO_LARGE);
    assertThat(check(bomb, LogConfig.DEFAULTS).recompressed()).isFalse();
  }
}
