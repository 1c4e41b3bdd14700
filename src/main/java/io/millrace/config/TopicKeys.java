package io.millrace.config;

import static io.millrace.config.Key.Update.CLUSTER_WIDE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of topics. The broker's key of the same meaning is the default of each. Immutable. */
@SuppressWarnings("MissingJavadoc") // each key's doc is in its declaration
public final class TopicKeys {
  private static final Map<Key<?>, Key<?>> BROKER_KEYS = new HashMap<>();

  private static final Rule<List<String>> REPLICAS =
      new Rule<>(
          "a list of partition:broker, or *",
          list ->
              list.equals(List.of("*"))
                  || list.stream().allMatch(replica -> replica.matches("\\d+:\\d+")));

  private TopicKeys() {}

  public static final Key<Integer> SEGMENT_BYTES =
      Key.ints("segment.bytes", 1 << 30)
          .allows(Rule.atLeast(14))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Size at which a segment is closed and the next begun.");

  public static final Key<Long> SEGMENT_MS =
      Key.longs("segment.ms", 604_800_000)
          .allows(Rule.atLeast(1L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Age at which a segment is closed, even when it is small.");

  public static final Key<Long> SEGMENT_JITTER_MS =
      Key.longs("segment.jitter.ms", 0)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Most that is taken off a segment's age at random, so that not all close at once.");

  public static final Key<Integer> SEGMENT_INDEX_BYTES =
      Key.ints("segment.index.bytes", 10 << 20)
          .allows(Rule.atLeast(4))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Largest index file; a full one closes its segment.");

  public static final Key<Integer> INDEX_INTERVAL_BYTES =
      Key.ints("index.interval.bytes", 4096)
          .allows(Rule.atLeast(0))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Bytes of records between two entries of an index.");

  public static final Key<Long> FLUSH_MESSAGES =
      Key.longs("flush.messages", Long.MAX_VALUE)
          .allows(Rule.atLeast(1L))
          .live(CLUSTER_WIDE)
          .doc("Records after which a partition is flushed; 1: the answer waits for the flush.");

  public static final Key<List<String>> FOLLOWER_REPLICATION_THROTTLED_REPLICAS =
      Key.lists("follower.replication.throttled.replicas")
          .allows(REPLICAS)
          .live(CLUSTER_WIDE)
          .doc(
              "Replicas that catch up no faster than follower.replication.throttled.rate of their"
                  + " broker: partition:broker,… or *.");

  public static final Key<List<String>> LEADER_REPLICATION_THROTTLED_REPLICAS =
      Key.lists("leader.replication.throttled.replicas")
          .allows(REPLICAS)
          .live(CLUSTER_WIDE)
          .doc(
              "Leaders that send no faster than leader.replication.throttled.rate of their broker to"
                  + " replicas that catch up: partition:broker,… or *.");

  public static final Key<Long> FLUSH_MS =
      Key.longs("flush.ms", Long.MAX_VALUE)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Longest time that a record stays unflushed.");

  public static final Key<Long> RETENTION_MS =
      Key.longs("retention.ms", 604_800_000)
          .allows(Rule.atLeast(-1L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Age at which records are deleted; -1: never.");

  public static final Key<Long> RETENTION_BYTES =
      Key.longs("retention.bytes", -1)
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Size of a partition at which its oldest segments are deleted; -1: no limit.");

  public static final Key<Integer> MAX_MESSAGE_BYTES =
      Key.ints("max.message.bytes", 1_048_588)
          .allows(Rule.atLeast(0))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Largest batch that is stored, as it is after compression.");

  public static final Key<List<String>> CLEANUP_POLICY =
      Key.lists("cleanup.policy", "delete")
          .allows(Rule.listOf("compact", "delete"))
          .live(CLUSTER_WIDE)
          .doc("What happens to old records: delete, compact, or both.");

  public static final Key<Double> MIN_CLEANABLE_DIRTY_RATIO =
      Key.doubles("min.cleanable.dirty.ratio", 0.5)
          .allows(Rule.between(0.0, 1.0))
          .live(CLUSTER_WIDE)
          .doc("Share of uncompacted bytes at which a log is compacted.");

  public static final Key<Long> MIN_COMPACTION_LAG_MS =
      Key.longs("min.compaction.lag.ms", 0)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Least age of a record that compaction may drop.");

  public static final Key<Long> MAX_COMPACTION_LAG_MS =
      Key.longs("max.compaction.lag.ms", Long.MAX_VALUE)
          .allows(Rule.atLeast(1L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Age at which a record is compacted, whatever the share of uncompacted bytes.");

  public static final Key<Long> DELETE_RETENTION_MS =
      Key.longs("delete.retention.ms", 86_400_000)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How long a tombstone stays readable after compaction reached it.");

  public static final Key<Long> FILE_DELETE_DELAY_MS =
      Key.longs("file.delete.delay.ms", 60_000)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How long the file of a deleted segment stays, for readers that are on it.");

  public static final Key<String> COMPRESSION_TYPE =
      Key.texts("compression.type", "producer")
          .allows(Rule.oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"))
          .live(CLUSTER_WIDE)
          .doc("Codec of stored batches; producer leaves them as they came.");

  public static final Key<Integer> COMPRESSION_GZIP_LEVEL =
      Key.ints("compression.gzip.level", -1)
          .allows(new Rule<>("-1 or from 1 to 9", l -> l == -1 || (l >= 1 && l <= 9)))
          .live(CLUSTER_WIDE)
          .doc("Level of gzip when the broker compresses; -1: the library's own.");

  public static final Key<Integer> COMPRESSION_LZ4_LEVEL =
      Key.ints("compression.lz4.level", 9)
          .allows(Rule.between(1, 17))
          .live(CLUSTER_WIDE)
          .doc("Level of LZ4 when the broker compresses.");

  public static final Key<Integer> COMPRESSION_ZSTD_LEVEL =
      Key.ints("compression.zstd.level", 3)
          .allows(Rule.between(-131_072, 22))
          .live(CLUSTER_WIDE)
          .doc("Level of Zstandard when the broker compresses.");

  public static final Key<String> MESSAGE_TIMESTAMP_TYPE =
      Key.texts("message.timestamp.type", "CreateTime")
          .allows(Rule.oneOf("CreateTime", "LogAppendTime"))
          .live(CLUSTER_WIDE)
          .doc("Whose clock stamps records: the producer's or the broker's.");

  public static final Key<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      Key.longs("message.timestamp.before.max.ms", Long.MAX_VALUE)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How far a producer's timestamp may lie in the past.");

  public static final Key<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      Key.longs("message.timestamp.after.max.ms", 3_600_000)
          .allows(Rule.atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How far a producer's timestamp may lie in the future.");

  public static final Key<Integer> MIN_INSYNC_REPLICAS =
      Key.ints("min.insync.replicas", 1)
          .allows(Rule.atLeast(1))
          .live(CLUSTER_WIDE)
          .doc("Replicas that must have a record before acks=all is answered.");

  public static final Key<Boolean> UNCLEAN_LEADER_ELECTION_ENABLE =
      Key.flags("unclean.leader.election.enable", false)
          .live(CLUSTER_WIDE)
          .doc("Whether a replica that is behind may lead, which loses records.");

  public static final Key<Boolean> PREALLOCATE =
      Key.flags("preallocate", false)
          .live(CLUSTER_WIDE)
          .doc("Whether the file of a new segment gets its full size at once.");

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
