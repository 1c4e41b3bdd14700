package io.millrace.config;

import static io.millrace.config.Rule.atLeast;

/** Keys of consumer groups and their offsets. Immutable. */
@SuppressWarnings("MissingJavadoc") // each key's doc is in its declaration
public interface GroupKeys {
  Key<Integer> GROUP_INITIAL_REBALANCE_DELAY_MS =
      Key.ints("group.initial.rebalance.delay.ms", 3000)
          .allows(atLeast(0))
          .in("ms")
          .doc(
              "Longest wait of an empty group for more members before its first assignment; it"
                  + " ends sooner when nobody else is coming.");

  Key<Integer> GROUP_MIN_SESSION_TIMEOUT_MS =
      Key.ints("group.min.session.timeout.ms", 6000)
          .allows(atLeast(1))
          .in("ms")
          .doc("Shortest session timeout that a member may ask for.");

  Key<Integer> GROUP_MAX_SESSION_TIMEOUT_MS =
      Key.ints("group.max.session.timeout.ms", 1_800_000)
          .allows(atLeast(1))
          .in("ms")
          .doc("Longest session timeout that a member may ask for.");

  Key<Integer> GROUP_MAX_SIZE =
      Key.ints("group.max.size", Integer.MAX_VALUE)
          .allows(atLeast(1))
          .doc("Most members of a group.");

  Key<Long> GROUP_MEMORY_BYTES =
      Key.longs("group.memory.bytes", -1L)
          .allows(atLeast(-1L))
          .in("bytes")
          .doc(
              "Most memory for the groups that this broker coordinates, and their offsets: beyond it"
                  + " new groups and members are refused; -1: a quarter of the heap.");

  Key<Integer> OFFSET_METADATA_MAX_BYTES =
      Key.ints("offset.metadata.max.bytes", 4096)
          .allows(atLeast(0))
          .in("bytes")
          .doc("Longest text that may go with a committed offset.");

  Key<Integer> OFFSETS_RETENTION_MINUTES =
      Key.ints("offsets.retention.minutes", 10_080)
          .allows(atLeast(1))
          .in("minutes")
          .doc("How long the offsets of a group without members are kept.");

  Key<Long> OFFSETS_RETENTION_CHECK_INTERVAL_MS =
      Key.longs("offsets.retention.check.interval.ms", 600_000)
          .allows(atLeast(1L))
          .in("ms")
          .doc("How often expired offsets are looked for.");

  Key<Integer> OFFSETS_COMMIT_TIMEOUT_MS =
      Key.ints("offsets.commit.timeout.ms", 5000)
          .allows(atLeast(1))
          .in("ms")
          .doc("Longest wait for a commit to reach its replicas.");

  Key<Integer> OFFSETS_LOAD_BUFFER_SIZE =
      Key.ints("offsets.load.buffer.size", 5_242_880)
          .allows(atLeast(1))
          .in("bytes")
          .doc("Bytes read at a time when the state of groups is loaded.");

  Key<Integer> OFFSETS_TOPIC_NUM_PARTITIONS =
      Key.ints("offsets.topic.num.partitions", 50)
          .allows(atLeast(1))
          .doc("Partitions of __consumer_offsets; acts only when the topic is made.");

  Key<Short> OFFSETS_TOPIC_REPLICATION_FACTOR =
      Key.shorts("offsets.topic.replication.factor", 3)
          .allows(atLeast((short) 1))
          .inert("internal.topics.replication.factor decides for all internal topics")
          .doc("Replicas of __consumer_offsets.");

  Key<Integer> OFFSETS_TOPIC_SEGMENT_BYTES =
      Key.ints("offsets.topic.segment.bytes", 104_857_600)
          .allows(atLeast(14))
          .in("bytes")
          .doc("Segment size of __consumer_offsets; acts only when the topic is made.");

  Key<Integer> OFFSETS_TOPIC_COMPRESSION_CODEC =
      Key.ints("offsets.topic.compression.codec", 0)
          .inert("commits are stored as they are, for the shortest way")
          .doc("Codec of the records of __consumer_offsets.");
}
