package io.millrace.config;

import java.util.Map;
import org.apache.kafka.common.record.TimestampType;

/**
 * The settings in force for one topic: what was set for it, else what the broker sets for all, else
 * the default. Times are milliseconds, sizes bytes, −1 is "no limit" where Kafka has it so.
 *
 * @param segmentBytes size at which a segment is closed
 * @param segmentMs age at which a segment is closed
 * @param segmentJitterMs most that is taken off {@code segmentMs}, at random, per segment
 * @param indexBytes most bytes of an index file; a full index closes the segment
 * @param indexIntervalBytes bytes of batches between two index entries
 * @param flushMessages unflushed records at which a flush is due; 1 answers after the flush
 * @param flushMs age of the oldest unflushed record at which a flush is due
 * @param retentionMs age at which segments are deleted, −1 never
 * @param retentionBytes size of the partition at which segments are deleted, −1 never
 * @param maxMessageBytes largest batch, as stored
 * @param cleanup what happens to old records
 * @param minCleanableDirtyRatio share of uncompacted bytes at which compaction starts, 0 to 1
 * @param minCompactionLagMs least age of a record that compaction may drop
 * @param maxCompactionLagMs age at which a record is due for compaction whatever the share; where
 *     it is less than the least age, which no one who sets both is let do, the least age holds
 * @param deleteRetentionMs how long a tombstone stays after compaction reached it
 * @param fileDeleteDelayMs how long a deleted segment's file stays on disk
 * @param compressionType codec of stored batches
 * @param compressionGzipLevel level of gzip, −1 for the library's own
 * @param compressionLz4Level level of LZ4
 * @param compressionZstdLevel level of Zstandard
 * @param timestampType whose clock stamps records
 * @param timestampBeforeMaxMs how far a timestamp may lie in the past
 * @param timestampAfterMaxMs how far a timestamp may lie in the future
 * @param minInsyncReplicas replicas that must have a record before {@code acks=all} is answered
 * @param uncleanLeaderElection whether a replica that is behind may lead
 * @param preallocate whether a new segment's file gets its full size at once
 *     <p>Immutable.
 */
public record LogConfig(
    int segmentBytes,
    long segmentMs,
    long segmentJitterMs,
    int indexBytes,
    int indexIntervalBytes,
    long flushMessages,
    long flushMs,
    long retentionMs,
    long retentionBytes,
    int maxMessageBytes,
    Cleanup cleanup,
    double minCleanableDirtyRatio,
    long minCompactionLagMs,
    long maxCompactionLagMs,
    long deleteRetentionMs,
    long fileDeleteDelayMs,
    TargetCompression compressionType,
    int compressionGzipLevel,
    int compressionLz4Level,
    int compressionZstdLevel,
    TimestampType timestampType,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs,
    int minInsyncReplicas,
    boolean uncleanLeaderElection,
    boolean preallocate) {

  /** Kafka's defaults. */
  public static final LogConfig DEFAULTS = of(Map.of());

  /**
   * The defaults with some keys set.
   *
   * @throws ConfigException when a value is not valid
   */
  public static LogConfig of(Map<String, String> topicOverrides) {
    return of(BrokerConfig.DEFAULTS, topicOverrides);
  }

  /**
   * The settings of a topic.
   *
   * @param broker gives the value of each key that the topic does not set
   * @param topicOverrides what is set for the topic, by name of the topic key
   * @throws ConfigException when a value is not valid
   */
  public static LogConfig of(BrokerConfig broker, Map<String, String> topicOverrides) {
    return of(new Values(broker, topicOverrides));
  }

  /**
   * Age in ms at which the active segment is closed: {@code segment.ms}, or {@code
   * max.compaction.lag.ms} where that is shorter, for only closed segments are compacted (KIP-354).
   */
  public long rollMs() {
    return cleanup.compact() ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs;
  }

  private static LogConfig of(Values values) {
    return new LogConfig(
        values.get(TopicKeys.SEGMENT_BYTES),
        values.get(TopicKeys.SEGMENT_MS),
        values.get(TopicKeys.SEGMENT_JITTER_MS),
        values.get(TopicKeys.SEGMENT_INDEX_BYTES),
        values.get(TopicKeys.INDEX_INTERVAL_BYTES),
        values.get(TopicKeys.FLUSH_MESSAGES),
        values.get(TopicKeys.FLUSH_MS),
        values.get(TopicKeys.RETENTION_MS),
        values.get(TopicKeys.RETENTION_BYTES),
        values.get(TopicKeys.MAX_MESSAGE_BYTES),
        Cleanup.of(values.get(TopicKeys.CLEANUP_POLICY)),
        values.get(TopicKeys.MIN_CLEANABLE_DIRTY_RATIO),
        values.get(TopicKeys.MIN_COMPACTION_LAG_MS),
        values.get(TopicKeys.MAX_COMPACTION_LAG_MS),
        values.get(TopicKeys.DELETE_RETENTION_MS),
        values.get(TopicKeys.FILE_DELETE_DELAY_MS),
        TargetCompression.of(values.get(TopicKeys.COMPRESSION_TYPE)),
        values.get(TopicKeys.COMPRESSION_GZIP_LEVEL),
        values.get(TopicKeys.COMPRESSION_LZ4_LEVEL),
        values.get(TopicKeys.COMPRESSION_ZSTD_LEVEL),
        TimestampType.forName(values.get(TopicKeys.MESSAGE_TIMESTAMP_TYPE)),
        values.get(TopicKeys.MESSAGE_TIMESTAMP_BEFORE_MAX_MS),
        values.get(TopicKeys.MESSAGE_TIMESTAMP_AFTER_MAX_MS),
        values.get(TopicKeys.MIN_INSYNC_REPLICAS),
        values.get(TopicKeys.UNCLEAN_LEADER_ELECTION_ENABLE),
        values.get(TopicKeys.PREALLOCATE));
  }

  private record Values(BrokerConfig broker, Map<String, String> overrides) {
    <T> T get(Key<T> key) {
      String written = overrides.get(key.name());
      return written == null ? broker.topicDefault(key) : key.parse(written);
    }
  }
}
