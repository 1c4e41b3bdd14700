package io.millrace.record;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicPartition;
import io.millrace.record.InvalidRecordsException.RecordError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/**
 * Checks the records of one partition of a Produce request (version 3 and newer), and gives them
 * the form in which the topic wants them stored.
 *
 * <p>The batch stays in the buffer it came in. A compressed batch is opened only when the topic
 * needs to see its records ({@link #needsDecompression}); its header is trusted for the rest. Error
 * codes and sentences follow Kafka's broker (KIP-98, KIP-467).
 *
 * <p>Thread-safe: no state.
 */
public final class ProduceValidator {
  private static final int FIRST_VERSION_WITH_ZSTD = 7;
  private static final int LEGACY_OVERHEAD = 14;
  private static final int RECORD_ERRORS_MAX = 100;

  /** Above this size in bytes a compressed batch must not be opened on an event loop. */
  public static final int OFFLOAD_BYTES = 64 << 10;

  private ProduceValidator() {}

  /**
   * A batch that may be appended.
   *
   * @param batch exactly one batch, from position to limit: a view on the checked buffer, or a new
   *     heap buffer when {@code recompressed}
   * @param recompressed whether the buffer that was checked is no longer needed
   * @param logAppendTimeMs the timestamp that all records were given, −1 when they kept their own
   */
  public record Checked(ByteBuffer batch, boolean recompressed, long logAppendTimeMs) {}

  /**
   * Whether {@link #check} would decompress these records; with more than {@link #OFFLOAD_BYTES} it
   * belongs on a worker then. Reads at most the header.
   */
  public static boolean needsDecompression(@Nullable ByteBuffer records, LogConfig config) {
    if (records == null || records.remaining() < BatchView.HEADER_BYTES) {
      return false;
    }
    BatchView batch = new BatchView().wrap(records, records.position());
    return batch.magic() == BatchView.MAGIC_V2
        && batch.compressionId() <= CompressionType.ZSTD.id
        && mustOpen(batch, config);
  }

  private static boolean mustOpen(BatchView batch, LogConfig config) {
    CompressionType target = target(batch, config);
    return batch.isCompressed()
        ? config.cleanup().compact()
            || target.id != batch.compressionId()
            || (config.timestampType() == TimestampType.CREATE_TIME
                && config.timestampBeforeMaxMs() != Long.MAX_VALUE)
        : target != CompressionType.NONE;
  }

  /**
   * Checks, stamps and recompresses. Blocks for as long as the codec needs.
   *
   * @param records the records of one partition, from position to limit; null when the request has
   *     none. Log append time is written into this buffer
   * @param produceVersion version of the request, 3 or newer
   * @param nowMs wall-clock time
   * @throws InvalidRecordsException refused, with what the client is told
   */
  public static Checked check(
      @Nullable ByteBuffer records,
      int produceVersion,
      TopicPartition partition,
      LogConfig config,
      long nowMs)
      throws InvalidRecordsException {
    ByteBuffer bytes = theOneBatch(records, produceVersion);
    BatchView batch = new BatchView().wrap(bytes, 0);
    checkSizeAndCrc(batch, produceVersion, partition, config);
    checkHeader(batch, config, nowMs);
    Checked checked =
        mustOpen(batch, config) || !batch.isCompressed()
            ? open(batch, partition, config, nowMs)
            : closed(batch, config, nowMs);
    if (checked.batch().remaining() > config.maxMessageBytes()) {
      throw tooLarge(checked.batch().remaining(), partition, config);
    }
    return checked;
  }

  private static ByteBuffer theOneBatch(@Nullable ByteBuffer records, int version)
      throws InvalidRecordsException {
    int size = records == null ? -1 : wholeBatch(records, records.position());
    if (records == null || size < 0) {
      throw invalid(
          "Produce requests with version "
              + version
              + " must have at least one record batch per partition");
    }
    if (size < BatchView.MAGIC_END || records.get(records.position() + 16) != BatchView.MAGIC_V2) {
      throw invalid(
          "Produce requests with version "
              + version
              + " are only allowed to contain record batches with magic version 2");
    }
    if (wholeBatch(records, records.position() + size) >= 0) {
      throw invalid(
          "Produce requests with version "
              + version
              + " are only allowed to contain exactly one record batch per partition");
    }
    return records.slice(records.position(), size);
  }

  /** Size of the batch at an index; −1 when the bytes end before it does. */
  private static int wholeBatch(ByteBuffer records, int at) throws InvalidRecordsException {
    int left = records.limit() - at;
    if (left < BatchView.LOG_OVERHEAD) {
      return -1;
    }
    int claimed = records.getInt(at + 8);
    if (claimed < LEGACY_OVERHEAD) {
      throw corrupt(
          "Record size "
              + claimed
              + " is less than the minimum record overhead ("
              + LEGACY_OVERHEAD
              + ")");
    }
    return claimed > left - BatchView.LOG_OVERHEAD ? -1 : claimed + BatchView.LOG_OVERHEAD;
  }

  private static void checkSizeAndCrc(
      BatchView batch, int version, TopicPartition partition, LogConfig config)
      throws InvalidRecordsException {
    if (batch.sizeBytes() < BatchView.HEADER_BYTES) {
      throw corrupt("Record is corrupt (its size is below that of a header) in " + partition);
    }
    CompressionType codec = BatchDecoder.codec(batch);
    if (codec == CompressionType.ZSTD && version < FIRST_VERSION_WITH_ZSTD) {
      throw new InvalidRecordsException(
          Errors.UNSUPPORTED_COMPRESSION_TYPE,
          "Produce requests with version "
              + version
              + " are not allowed to use ZStandard compression");
    }
    if (batch.baseOffset() != 0) {
      throw invalid(
          "The baseOffset of the record batch in the append to "
              + partition
              + " should be 0, but it is "
              + batch.baseOffset());
    }
    if (batch.sizeBytes() > config.maxMessageBytes()) {
      throw tooLarge(batch.sizeBytes(), partition, config);
    }
    if (!batch.crcMatches()) {
      throw corrupt(
          "Record is corrupt (stored crc = " + batch.crc() + ") in topic partition " + partition);
    }
  }

  private static void checkHeader(BatchView batch, LogConfig config, long nowMs)
      throws InvalidRecordsException {
    long countFromOffsets = batch.lastOffsetDelta() + 1L;
    if (countFromOffsets <= 0) {
      throw invalid("Batch has an invalid offset range: " + range(batch));
    }
    if (batch.count() <= 0) {
      throw invalid("Invalid reported count for record batch: " + batch.count());
    }
    if (countFromOffsets != batch.count()) {
      throw invalid(
          "Inconsistent batch offset range "
              + range(batch)
              + " and count of records "
              + batch.count());
    }
    if (batch.isControl()) {
      throw invalid("Clients are not allowed to write control records");
    }
    if (batch.isTransactional()) {
      throw new InvalidRecordsException(
          Errors.INVALID_TXN_STATE, "Transactions are not supported by this broker");
    }
    if (batch.hasDeleteHorizon()) {
      throw invalid("Clients are not allowed to set a delete horizon");
    }
    if (batch.hasProducerId() && (batch.baseSequence() < 0 || batch.producerEpoch() < 0)) {
      throw invalid(
          "Invalid sequence number "
              + batch.baseSequence()
              + " in record batch with producerId "
              + batch.producerId());
    }
    checkBatchTimestamps(batch, config, nowMs);
  }

  private static String range(BatchView batch) {
    return "[" + batch.baseOffset() + ", " + batch.lastOffset() + "]";
  }

  private static void checkBatchTimestamps(BatchView batch, LogConfig config, long nowMs)
      throws InvalidRecordsException {
    if (config.timestampType() == TimestampType.LOG_APPEND_TIME || !batch.isCompressed()) {
      return;
    }
    if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
      throw invalidTimestamps(List.of(new RecordError(0, LOG_APPEND_TIME_SENT)));
    }
    if (isOutOfRange(batch.maxTimestamp(), config, nowMs)) {
      int last = batch.count() - 1;
      throw invalidTimestamps(List.of(outOfRange(last, batch.maxTimestamp(), config, nowMs)));
    }
  }

  private static final String LOG_APPEND_TIME_SENT =
      "Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.";

  /** A compressed batch whose records nobody needs to see. */
  private static Checked closed(BatchView batch, LogConfig config, long nowMs) {
    long appendTime = stamp(batch, config, batch.maxTimestamp(), nowMs);
    return new Checked(batch.bytes(), false, appendTime);
  }

  private static Checked open(
      BatchView batch, TopicPartition partition, LogConfig config, long nowMs)
      throws InvalidRecordsException {
    ByteBuffer plain =
        BatchDecoder.records(batch, BatchDecoder.expansionLimit(config.maxMessageBytes()));
    long maxTimestamp = checkRecords(batch, plain, partition, config, nowMs);
    long appendTime = stamp(batch, config, maxTimestamp, nowMs);
    CompressionType target = target(batch, config);
    if (target.id == batch.compressionId()) {
      return new Checked(batch.bytes(), false, appendTime);
    }
    ByteBuffer packed =
        BatchBuilder.assemble(
            BatchBuilder.BatchHeader.of(batch, target), compression(target, config), plain);
    return new Checked(packed, true, appendTime);
  }

  private static long stamp(BatchView batch, LogConfig config, long maxTimestamp, long nowMs) {
    if (config.timestampType() == TimestampType.LOG_APPEND_TIME) {
      batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, nowMs);
      return nowMs;
    }
    batch.setMaxTimestamp(TimestampType.CREATE_TIME, maxTimestamp);
    return BatchView.NO_TIMESTAMP;
  }

  /** Walks all records; gives their largest timestamp. */
  private static long checkRecords(
      BatchView batch, ByteBuffer plain, TopicPartition partition, LogConfig config, long nowMs)
      throws InvalidRecordsException {
    boolean createTime = config.timestampType() == TimestampType.CREATE_TIME;
    boolean wrongType = createTime && batch.timestampType() == TimestampType.LOG_APPEND_TIME;
    boolean keyNeeded = config.cleanup().compact();
    long maxTimestamp = BatchView.NO_TIMESTAMP;
    boolean badTimestamp = false;
    List<RecordError> errors = new ArrayList<>();
    RecordIterator records = new RecordIterator(batch, plain);
    while (records.next()) {
      if (records.offsetDelta() != records.index()) {
        throw invalid(
            "Record " + records.index() + " has the offset delta " + records.offsetDelta());
      }
      long timestamp = records.createTimestamp();
      maxTimestamp = Math.max(maxTimestamp, timestamp);
      if (errors.size() >= RECORD_ERRORS_MAX) {
        continue;
      }
      if (keyNeeded && !records.hasKey()) {
        errors.add(
            new RecordError(
                records.index(),
                "Compacted topic cannot accept message without key in topic partition "
                    + partition
                    + "."));
      } else if (wrongType) {
        badTimestamp = true;
        errors.add(new RecordError(records.index(), LOG_APPEND_TIME_SENT));
      } else if (createTime && isOutOfRange(timestamp, config, nowMs)) {
        badTimestamp = true;
        errors.add(outOfRange(records.index(), timestamp, config, nowMs));
      }
    }
    if (!errors.isEmpty()) {
      throw badTimestamp ? invalidTimestamps(errors) : invalidRecords(errors);
    }
    return maxTimestamp;
  }

  private static boolean isOutOfRange(long timestamp, LogConfig config, long nowMs) {
    return timestamp != BatchView.NO_TIMESTAMP
        && (nowMs - timestamp > config.timestampBeforeMaxMs()
            || timestamp - nowMs > config.timestampAfterMaxMs());
  }

  private static RecordError outOfRange(int index, long timestamp, LogConfig config, long nowMs) {
    return new RecordError(
        index,
        "Timestamp "
            + timestamp
            + " of message with offset "
            + index
            + " is out of range. The timestamp should be within ["
            + (nowMs - config.timestampBeforeMaxMs())
            + ", "
            + (nowMs + config.timestampAfterMaxMs())
            + "]");
  }

  private static CompressionType target(BatchView batch, LogConfig config) {
    return switch (config.compressionType()) {
      case PRODUCER -> CompressionType.forId(batch.compressionId());
      case UNCOMPRESSED -> CompressionType.NONE;
      case GZIP -> CompressionType.GZIP;
      case SNAPPY -> CompressionType.SNAPPY;
      case LZ4 -> CompressionType.LZ4;
      case ZSTD -> CompressionType.ZSTD;
    };
  }

  private static Compression compression(CompressionType target, LogConfig config) {
    return switch (target) {
      case NONE -> Compression.NONE;
      case GZIP -> Compression.gzip().level(config.compressionGzipLevel()).build();
      case SNAPPY -> Compression.snappy().build();
      case LZ4 -> Compression.lz4().level(config.compressionLz4Level()).build();
      case ZSTD -> Compression.zstd().level(config.compressionZstdLevel()).build();
    };
  }

  private static InvalidRecordsException invalidTimestamps(List<RecordError> errors) {
    return new InvalidRecordsException(
        Errors.INVALID_TIMESTAMP,
        "One or more records have been rejected due to invalid timestamp",
        errors);
  }

  private static InvalidRecordsException invalidRecords(List<RecordError> errors) {
    return new InvalidRecordsException(
        Errors.INVALID_RECORD,
        "One or more records have been rejected due to "
            + errors.size()
            + " record errors in total, and only showing the first three errors at most: "
            + errors.subList(0, Math.min(3, errors.size())),
        errors);
  }

  private static InvalidRecordsException tooLarge(
      int size, TopicPartition partition, LogConfig config) {
    return new InvalidRecordsException(
        Errors.MESSAGE_TOO_LARGE,
        "The record batch size in the append to "
            + partition
            + " is "
            + size
            + " bytes which exceeds the maximum configured value of "
            + config.maxMessageBytes()
            + ".");
  }

  private static InvalidRecordsException invalid(String message) {
    return new InvalidRecordsException(Errors.INVALID_RECORD, message);
  }

  private static InvalidRecordsException corrupt(String message) {
    return new InvalidRecordsException(Errors.CORRUPT_MESSAGE, message);
  }
}
