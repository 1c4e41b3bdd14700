package io.millrace.config;

import static io.millrace.config.Key.Update.CLUSTER_WIDE;
import static io.millrace.config.Rule.atLeast;
import static io.millrace.config.Rule.between;
import static io.millrace.config.Rule.listOf;
import static io.millrace.config.Rule.notEmpty;
import static io.millrace.config.Rule.oneOf;

import java.util.List;

/** Keys of folders, segments, retention and compaction. Immutable. */
@SuppressWarnings("MissingJavadoc") // each key's doc is in its declaration
public interface StorageKeys {
  Key<List<String>> LOG_DIR =
      Key.lists("log.dir", "/tmp/kafka-logs")
          .allows(notEmpty())
          .doc("Folder for the data when log.dirs is not written.");

  Key<List<String>> LOG_DIRS =
      Key.of("log.dirs", ValueType.LIST)
          .allows(notEmpty())
          .or(LOG_DIR, 1)
          .doc("Folders for the data, separated by commas; partitions are spread over them.");

  Key<Integer> NUM_RECOVERY_THREADS_PER_DATA_DIR =
      Key.ints("num.recovery.threads.per.data.dir", 2)
          .allows(atLeast(1))
          .inert("all shards open their logs side by side")
          .doc("Logs of a folder that are opened at the same time at start.");

  Key<Integer> STORAGE_SHARDS =
      Key.ints("storage.shards", 0)
          .allows(between(0, 256))
          .doc("Storage shards, each the owner of many partitions; 0: one for two cores.");

  Key<Long> DISK_RESERVE_BYTES =
      Key.longs("disk.reserve.bytes", 256L << 20)
          .allows(atLeast(0L))
          .in("bytes")
          .doc(
              "Free space of a folder's disk below which producers are refused, while reading and"
                  + " deleting go on.");

  Key<Integer> LOG_SEGMENT_BYTES =
      Key.ints("log.segment.bytes", 1 << 30)
          .allows(atLeast(14))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Size at which a segment is closed and the next begun.");

  Key<Integer> LOG_ROLL_HOURS =
      Key.ints("log.roll.hours", 168)
          .allows(atLeast(1))
          .in("hours")
          .doc("Age at which a segment is closed, in hours.");

  Key<Long> LOG_ROLL_MS =
      Key.of("log.roll.ms", ValueType.LONG)
          .allows(atLeast(1L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .or(LOG_ROLL_HOURS, 3_600_000)
          .doc("Age at which a segment is closed; goes before log.roll.hours.");

  Key<Integer> LOG_ROLL_JITTER_HOURS =
      Key.ints("log.roll.jitter.hours", 0)
          .allows(atLeast(0))
          .in("hours")
          .doc("Most that is taken off a segment's age at random, in hours.");

  Key<Long> LOG_ROLL_JITTER_MS =
      Key.of("log.roll.jitter.ms", ValueType.LONG)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .or(LOG_ROLL_JITTER_HOURS, 3_600_000)
          .doc("Most that is taken off a segment's age at random; before log.roll.jitter.hours.");

  Key<Integer> LOG_RETENTION_HOURS =
      Key.ints("log.retention.hours", 168)
          .in("hours")
          .doc("Age at which records are deleted, in hours; -1: never.");

  Key<Integer> LOG_RETENTION_MINUTES =
      Key.of("log.retention.minutes", ValueType.INT)
          .in("minutes")
          .doc("Age at which records are deleted, in minutes; goes before log.retention.hours.");

  Key<Long> LOG_RETENTION_MS =
      Key.of("log.retention.ms", ValueType.LONG)
          .in("ms")
          .live(CLUSTER_WIDE)
          .or(LOG_RETENTION_MINUTES, 60_000)
          .or(LOG_RETENTION_HOURS, 3_600_000)
          .doc("Age at which records are deleted; goes before the keys in minutes and hours.");

  Key<Long> LOG_RETENTION_BYTES =
      Key.longs("log.retention.bytes", -1)
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Size of a partition at which its oldest segments are deleted; -1: no limit.");

  Key<Long> LOG_RETENTION_CHECK_INTERVAL_MS =
      Key.longs("log.retention.check.interval.ms", 300_000)
          .allows(atLeast(1L))
          .in("ms")
          .doc("How often logs are looked at for segments to delete.");

  Key<List<String>> LOG_CLEANUP_POLICY =
      Key.lists("log.cleanup.policy", "delete")
          .allows(listOf("compact", "delete"))
          .live(CLUSTER_WIDE)
          .doc("What happens to old records: delete, compact, or both.");

  Key<Integer> LOG_INDEX_SIZE_MAX_BYTES =
      Key.ints("log.index.size.max.bytes", 10 << 20)
          .allows(atLeast(4))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Largest index file; a full one closes its segment.");

  Key<Integer> LOG_INDEX_INTERVAL_BYTES =
      Key.ints("log.index.interval.bytes", 4096)
          .allows(atLeast(0))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Bytes of records between two entries of an index.");

  Key<Long> LOG_FLUSH_INTERVAL_MESSAGES =
      Key.longs("log.flush.interval.messages", Long.MAX_VALUE)
          .allows(atLeast(1L))
          .live(CLUSTER_WIDE)
          .doc("Records after which a partition is flushed; 1: the answer waits for the flush.");

  Key<Long> LOG_FLUSH_SCHEDULER_INTERVAL_MS =
      Key.longs("log.flush.scheduler.interval.ms", Long.MAX_VALUE)
          .in("ms")
          .doc("Gives log.flush.interval.ms its value when that is not written.");

  Key<Long> LOG_FLUSH_INTERVAL_MS =
      Key.of("log.flush.interval.ms", ValueType.LONG)
          .in("ms")
          .live(CLUSTER_WIDE)
          .or(LOG_FLUSH_SCHEDULER_INTERVAL_MS, 1)
          .doc("Longest time that a record stays unflushed.");

  Key<Integer> LOG_FLUSH_OFFSET_CHECKPOINT_INTERVAL_MS =
      Key.ints("log.flush.offset.checkpoint.interval.ms", 60_000)
          .allows(atLeast(0))
          .in("ms")
          .inert(
              "recovery points are saved every 60 s, sooner when much was written and later when little was")
          .doc("How often the points from which recovery starts are saved.");

  Key<Integer> LOG_FLUSH_START_OFFSET_CHECKPOINT_INTERVAL_MS =
      Key.ints("log.flush.start.offset.checkpoint.interval.ms", 60_000)
          .allows(atLeast(0))
          .in("ms")
          .inert("start offsets are saved every 60 s")
          .doc("How often the start offsets of logs are saved.");

  Key<Long> LOG_SEGMENT_DELETE_DELAY_MS =
      Key.longs("log.segment.delete.delay.ms", 60_000)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How long the file of a deleted segment stays, for readers that are on it.");

  Key<Boolean> LOG_PREALLOCATE =
      Key.flags("log.preallocate", false)
          .live(CLUSTER_WIDE)
          .doc("Whether the file of a new segment gets its full size at once.");

  Key<String> LOG_MESSAGE_TIMESTAMP_TYPE =
      Key.texts("log.message.timestamp.type", "CreateTime")
          .allows(oneOf("CreateTime", "LogAppendTime"))
          .live(CLUSTER_WIDE)
          .doc("Whose clock stamps records: the producer's or the broker's.");

  Key<Long> LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      Key.longs("log.message.timestamp.before.max.ms", Long.MAX_VALUE)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How far a producer's timestamp may lie in the past.");

  Key<Long> LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      Key.longs("log.message.timestamp.after.max.ms", 3_600_000)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How far a producer's timestamp may lie in the future.");

  Key<Integer> MESSAGE_MAX_BYTES =
      Key.ints("message.max.bytes", 1_048_588)
          .allows(atLeast(0))
          .in("bytes")
          .live(CLUSTER_WIDE)
          .doc("Largest batch that is stored, as it is after compression.");

  Key<String> COMPRESSION_TYPE =
      Key.texts("compression.type", "producer")
          .allows(oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"))
          .live(CLUSTER_WIDE)
          .doc("Codec of stored batches; producer leaves them as they came.");

  Key<Integer> COMPRESSION_GZIP_LEVEL =
      Key.ints("compression.gzip.level", -1)
          .allows(new Rule<>("-1 or from 1 to 9", l -> l == -1 || l >= 1 && l <= 9))
          .live(CLUSTER_WIDE)
          .doc("Level of gzip when the broker compresses; -1: the library's own.");

  Key<Integer> COMPRESSION_LZ4_LEVEL =
      Key.ints("compression.lz4.level", 9)
          .allows(between(1, 17))
          .live(CLUSTER_WIDE)
          .doc("Level of LZ4 when the broker compresses.");

  Key<Integer> COMPRESSION_ZSTD_LEVEL =
      Key.ints("compression.zstd.level", 3)
          .allows(between(-131_072, 22))
          .live(CLUSTER_WIDE)
          .doc("Level of Zstandard when the broker compresses.");

  Key<Boolean> LOG_CLEANER_ENABLE =
      Key.flags("log.cleaner.enable", true)
          .doc("Whether compaction runs; without it compacted topics grow for ever.");

  Key<Integer> LOG_CLEANER_THREADS =
      Key.ints("log.cleaner.threads", 1)
          .allows(atLeast(0))
          .doc("Logs that are compacted at the same time.");

  Key<Long> LOG_CLEANER_DEDUPE_BUFFER_SIZE =
      Key.longs("log.cleaner.dedupe.buffer.size", 134_217_728)
          .allows(atLeast(1L))
          .in("bytes")
          .doc("Most memory for the keys of logs under compaction; taken only while it runs.");

  Key<Integer> LOG_CLEANER_IO_BUFFER_SIZE =
      Key.ints("log.cleaner.io.buffer.size", 524_288)
          .allows(atLeast(0))
          .in("bytes")
          .doc("Read and write buffers of compaction.");

  Key<Double> LOG_CLEANER_IO_BUFFER_LOAD_FACTOR =
      Key.doubles("log.cleaner.io.buffer.load.factor", 0.9)
          .inert("the table of keys here has a fixed load")
          .doc("How full the table of keys may get in one pass of compaction.");

  Key<Double> LOG_CLEANER_IO_MAX_BYTES_PER_SECOND =
      Key.doubles("log.cleaner.io.max.bytes.per.second", Double.MAX_VALUE)
          .allows(atLeast(1.0))
          .in("bytes/s")
          .doc("Most bytes that compaction reads and writes in a second.");

  Key<Long> REPLICA_ALTER_LOG_DIRS_IO_MAX_BYTES_PER_SECOND =
      Key.longs("replica.alter.log.dirs.io.max.bytes.per.second", Long.MAX_VALUE)
          .in("bytes/s")
          .allows(atLeast(1L))
          .live(CLUSTER_WIDE)
          .doc("Most bytes that moves of logs between folders copy in a second.");

  Key<Long> LOG_CLEANER_BACKOFF_MS =
      Key.longs("log.cleaner.backoff.ms", 15_000)
          .allows(atLeast(0L))
          .in("ms")
          .doc("Pause of compaction when no log needs it.");

  Key<Double> LOG_CLEANER_MIN_CLEANABLE_RATIO =
      Key.doubles("log.cleaner.min.cleanable.ratio", 0.5)
          .allows(between(0.0, 1.0))
          .live(CLUSTER_WIDE)
          .doc("Share of uncompacted bytes at which a log is compacted.");

  Key<Long> LOG_CLEANER_DELETE_RETENTION_MS =
      Key.longs("log.cleaner.delete.retention.ms", 86_400_000)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("How long a tombstone stays readable after compaction reached it.");

  Key<Long> LOG_CLEANER_MIN_COMPACTION_LAG_MS =
      Key.longs("log.cleaner.min.compaction.lag.ms", 0)
          .allows(atLeast(0L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Least age of a record that compaction may drop.");

  Key<Long> LOG_CLEANER_MAX_COMPACTION_LAG_MS =
      Key.longs("log.cleaner.max.compaction.lag.ms", Long.MAX_VALUE)
          .allows(atLeast(1L))
          .in("ms")
          .live(CLUSTER_WIDE)
          .doc("Age at which a record is compacted, whatever the share of uncompacted bytes.");

  Key<Integer> PRODUCER_ID_EXPIRATION_MS =
      Key.ints("producer.id.expiration.ms", 86_400_000)
          .allows(atLeast(1))
          .in("ms")
          .doc("How long the sequence numbers of a silent producer are remembered.");

  Key<Long> PRODUCER_ID_MEMORY_BYTES =
      Key.longs("producer.id.memory.bytes", -1L)
          .allows(atLeast(-1L))
          .in("bytes")
          .doc(
              "Most memory for the sequence numbers of producers: beyond it those are forgotten that"
                  + " were silent for five minutes, then new ones refused; -1: a quarter of the heap.");

  Key<Integer> PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS =
      Key.ints("producer.id.expiration.check.interval.ms", 600_000)
          .allows(atLeast(1))
          .in("ms")
          .doc("How often silent producers are looked for.");
}
