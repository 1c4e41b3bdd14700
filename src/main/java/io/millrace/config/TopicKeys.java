package io.millrace.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of topics. The broker's key of the same meaning is the default of each. Immutable. */
public final class TopicKeys {
  private static final Map<Key<?>, Key<?>> BROKER_KEYS = new HashMap<>();

  private TopicKeys() {}

  /** Bytes of a segment file. */
  public static final Key<Integer> SEGMENT_BYTES =
      Key.ints("segment.bytes", 1 << 30).allows(Rule.atLeast(14)).in("bytes");

  /** Age at which a segment is closed. */
  public static final Key<Long> SEGMENT_MS =
      Key.longs("segment.ms", 604_800_000).allows(Rule.atLeast(1L)).in("ms");

  /** Spread of {@code segment.ms}. */
  public static final Key<Long> SEGMENT_JITTER_MS =
      Key.longs("segment.jitter.ms", 0).allows(Rule.atLeast(0L)).in("ms");

  /** Largest size of an index file. */
  public static final Key<Integer> SEGMENT_INDEX_BYTES =
      Key.ints("segment.index.bytes", 10 << 20).allows(Rule.atLeast(4)).in("bytes");

  /** Bytes of records between two index entries. */
  public static final Key<Integer> INDEX_INTERVAL_BYTES =
      Key.ints("index.interval.bytes", 4096).allows(Rule.atLeast(0)).in("bytes");

  /** Records after which a flush is due. */
  public static final Key<Long> FLUSH_MESSAGES =
      Key.longs("flush.messages", Long.MAX_VALUE).allows(Rule.atLeast(1L));

  /** Time after which a flush is due. */
  public static final Key<Long> FLUSH_MS =
      Key.longs("flush.ms", Long.MAX_VALUE).allows(Rule.atLeast(0L)).in("ms");

  /** Age at which records are deleted. */
  public static final Key<Long> RETENTION_MS =
      Key.longs("retention.ms", 604_800_000).allows(Rule.atLeast(-1L)).in("ms");

  /** Size of a partition at which its oldest segments are deleted. */
  public static final Key<Long> RETENTION_BYTES = Key.longs("retention.bytes", -1).in("bytes");

  /** Largest batch. */
  public static final Key<Integer> MAX_MESSAGE_BYTES =
      Key.ints("max.message.bytes", 1_048_588).allows(Rule.atLeast(0)).in("bytes");

  /** What happens to old records. */
  public static final Key<List<String>> CLEANUP_POLICY =
      Key.lists("cleanup.policy", "delete").allows(Rule.listOf("compact", "delete"));

  /** Share of uncompacted bytes at which compaction starts. */
  public static final Key<Double> MIN_CLEANABLE_DIRTY_RATIO =
      Key.doubles("min.cleanable.dirty.ratio", 0.5).allows(Rule.between(0.0, 1.0));

  /** Least age of a record that compaction may drop. */
  public static final Key<Long> MIN_COMPACTION_LAG_MS =
      Key.longs("min.compaction.lag.ms", 0).allows(Rule.atLeast(0L)).in("ms");

  /** Age at which a record is due for compaction. */
  public static final Key<Long> MAX_COMPACTION_LAG_MS =
      Key.longs("max.compaction.lag.ms", Long.MAX_VALUE).allows(Rule.atLeast(1L)).in("ms");

  /** How long a tombstone stays. */
  public static final Key<Long> DELETE_RETENTION_MS =
      Key.longs("delete.retention.ms", 86_400_000).allows(Rule.atLeast(0L)).in("ms");

  /** How long a deleted file stays on disk. */
  public static final Key<Long> FILE_DELETE_DELAY_MS =
      Key.longs("file.delete.delay.ms", 60_000).allows(Rule.atLeast(0L)).in("ms");

  /** Codec of stored batches. */
  public static final Key<String> COMPRESSION_TYPE =
      Key.texts("compression.type", "producer")
          .allows(Rule.oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"));

  /** Level of gzip. */
  public static final Key<Integer> COMPRESSION_GZIP_LEVEL =
      Key.ints("compression.gzip.level", -1)
          .allows(new Rule<>("-1 or from 1 to 9", l -> l == -1 || (l >= 1 && l <= 9)));

  /** Level of lz4. */
  public static final Key<Integer> COMPRESSION_LZ4_LEVEL =
      Key.ints("compression.lz4.level", 9).allows(Rule.between(1, 17));

  /** Level of zstd. */
  public static final Key<Integer> COMPRESSION_ZSTD_LEVEL =
      Key.ints("compression.zstd.level", 3).allows(Rule.between(-131_072, 22));

  /** Whose clock stamps records. */
  public static final Key<String> MESSAGE_TIMESTAMP_TYPE =
      Key.texts("message.timestamp.type", "CreateTime")
          .allows(Rule.oneOf("CreateTime", "LogAppendTime"));

  /** How far a record's timestamp may lie in the past. */
  public static final Key<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      Key.longs("message.timestamp.before.max.ms", Long.MAX_VALUE)
          .allows(Rule.atLeast(0L))
          .in("ms");

  /** How far a record's timestamp may lie in the future. */
  public static final Key<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      Key.longs("message.timestamp.after.max.ms", 3_600_000).allows(Rule.atLeast(0L)).in("ms");

  /** Replicas that must have a record before {@code acks=all} is answered. */
  public static final Key<Integer> MIN_INSYNC_REPLICAS =
      Key.ints("min.insync.replicas", 1).allows(Rule.atLeast(1));

  /** Whether a replica that is behind may lead. */
  public static final Key<Boolean> UNCLEAN_LEADER_ELECTION_ENABLE =
      Key.flags("unclean.leader.election.enable", false);

  /** Whether a new segment's file gets its full size at once. */
  public static final Key<Boolean> PREALLOCATE = Key.flags("preallocate", false);

  static {
    pair(SEGMENT_BYTES, BrokerKeys.LOG_SEGMENT_BYTES);
    pair(SEGMENT_MS, BrokerKeys.LOG_ROLL_MS);
    pair(SEGMENT_JITTER_MS, BrokerKeys.LOG_ROLL_JITTER_MS);
    pair(SEGMENT_INDEX_BYTES, BrokerKeys.LOG_INDEX_SIZE_MAX_BYTES);
    pair(INDEX_INTERVAL_BYTES, BrokerKeys.LOG_INDEX_INTERVAL_BYTES);
    pair(FLUSH_MESSAGES, BrokerKeys.LOG_FLUSH_INTERVAL_MESSAGES);
    pair(FLUSH_MS, BrokerKeys.LOG_FLUSH_INTERVAL_MS);
    pair(RETENTION_MS, BrokerKeys.LOG_RETENTION_MS);
    pair(RETENTION_BYTES, BrokerKeys.LOG_RETENTION_BYTES);
    pair(MAX_MESSAGE_BYTES, BrokerKeys.MESSAGE_MAX_BYTES);
    pair(CLEANUP_POLICY, BrokerKeys.LOG_CLEANUP_POLICY);
    pair(MIN_CLEANABLE_DIRTY_RATIO, BrokerKeys.LOG_CLEANER_MIN_CLEANABLE_RATIO);
    pair(MIN_COMPACTION_LAG_MS, BrokerKeys.LOG_CLEANER_MIN_COMPACTION_LAG_MS);
    pair(MAX_COMPACTION_LAG_MS, BrokerKeys.LOG_CLEANER_MAX_COMPACTION_LAG_MS);
    pair(DELETE_RETENTION_MS, BrokerKeys.LOG_CLEANER_DELETE_RETENTION_MS);
    pair(FILE_DELETE_DELAY_MS, BrokerKeys.LOG_SEGMENT_DELETE_DELAY_MS);
    pair(COMPRESSION_TYPE, BrokerKeys.COMPRESSION_TYPE);
    pair(COMPRESSION_GZIP_LEVEL, BrokerKeys.COMPRESSION_GZIP_LEVEL);
    pair(COMPRESSION_LZ4_LEVEL, BrokerKeys.COMPRESSION_LZ4_LEVEL);
    pair(COMPRESSION_ZSTD_LEVEL, BrokerKeys.COMPRESSION_ZSTD_LEVEL);
    pair(MESSAGE_TIMESTAMP_TYPE, BrokerKeys.LOG_MESSAGE_TIMESTAMP_TYPE);
    pair(MESSAGE_TIMESTAMP_BEFORE_MAX_MS, BrokerKeys.LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS);
    pair(MESSAGE_TIMESTAMP_AFTER_MAX_MS, BrokerKeys.LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS);
    pair(MIN_INSYNC_REPLICAS, BrokerKeys.MIN_INSYNC_REPLICAS);
    pair(UNCLEAN_LEADER_ELECTION_ENABLE, BrokerKeys.UNCLEAN_LEADER_ELECTION_ENABLE);
    pair(PREALLOCATE, BrokerKeys.LOG_PREALLOCATE);
  }

  private static <T> void pair(Key<T> topicKey, Key<T> brokerKey) {
    BROKER_KEYS.put(topicKey, brokerKey);
  }

  /** The broker key whose value a topic has that does not set the topic key. */
  @SuppressWarnings("unchecked") // pair() only takes keys of the same type
  public static <T> Optional<Key<T>> brokerKeyOf(Key<T> topicKey) {
    return Optional.ofNullable((Key<T>) BROKER_KEYS.get(topicKey));
  }
}
