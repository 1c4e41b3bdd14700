package io.millrace.coordinator.group;

/**
 * Settings of groups and offsets; the names in brackets are the broker's keys. Immutable.
 *
 * @param joinWindowMs how long an empty group waits for more members after each arrival, in ms
 * @param initialDelayMaxMs limit of all such waiting together, in ms ({@code
 *     group.initial.rebalance.delay.ms}); 0: an empty group does not wait
 * @param sizeMax members that a group may have ({@code group.max.size})
 * @param sessionTimeoutMinMs ({@code group.min.session.timeout.ms})
 * @param sessionTimeoutMaxMs ({@code group.max.session.timeout.ms})
 * @param newMemberJoinMaxMs how long a member that has never had a generation may wait in JoinGroup
 *     without being heard of, in ms
 * @param offsetMetadataMax characters of text with a committed offset ({@code
 *     offset.metadata.max.bytes})
 * @param offsetsRetentionMs how long the offsets of a group without members live, in ms ({@code
 *     offsets.retention.minutes})
 * @param offsetsCheckIntervalMs time between two looks for expired offsets, in ms ({@code
 *     offsets.retention.check.interval.ms})
 * @param recordBytesMax bytes that the record of a group may take
 */
public record GroupSettings(
    int joinWindowMs,
    int initialDelayMaxMs,
    int sizeMax,
    int sessionTimeoutMinMs,
    int sessionTimeoutMaxMs,
    int newMemberJoinMaxMs,
    int offsetMetadataMax,
    long offsetsRetentionMs,
    long offsetsCheckIntervalMs,
    int recordBytesMax) {

  /** Kafka's defaults. */
  public static final GroupSettings DEFAULTS =
      new GroupSettings(
          30,
          3_000,
          Integer.MAX_VALUE,
          6_000,
          1_800_000,
          300_000,
          4_096,
          7L * 24 * 3_600_000,
          600_000,
          1_000_000);
}
