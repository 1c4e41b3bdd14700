package io.millrace.coordinator.group;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.util.function.IntSupplier;

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
 * @param recordBytesMax bytes that the records of one step may take, asked anew each time
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
    IntSupplier recordBytesMax) {

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
          () -> 1_000_000);

  private static final int JOIN_WINDOW_MS = 30;
  private static final int NEW_MEMBER_JOIN_MAX_MS = 300_000;
  private static final long MS_PER_MINUTE = 60_000;

  /** Room for the header of a batch and the frame of its only record. */
  private static final int BATCH_OVERHEAD_BYTES = 512;

  /** The settings that a broker's configuration asks for. */
  public static GroupSettings of(BrokerConfig config) {
    return new GroupSettings(
        JOIN_WINDOW_MS,
        config.get(BrokerKeys.GROUP_INITIAL_REBALANCE_DELAY_MS),
        config.get(BrokerKeys.GROUP_MAX_SIZE),
        config.get(BrokerKeys.GROUP_MIN_SESSION_TIMEOUT_MS),
        config.get(BrokerKeys.GROUP_MAX_SESSION_TIMEOUT_MS),
        NEW_MEMBER_JOIN_MAX_MS,
        config.get(BrokerKeys.OFFSET_METADATA_MAX_BYTES),
        config.get(BrokerKeys.OFFSETS_RETENTION_MINUTES) * MS_PER_MINUTE,
        config.get(BrokerKeys.OFFSETS_RETENTION_CHECK_INTERVAL_MS),
        () -> recordBytesWithin(config.get(BrokerKeys.MESSAGE_MAX_BYTES)));
  }

  /**
   * These settings for a log.
   *
   * @param batchBytesMax largest batch that it takes, in bytes
   */
  public GroupSettings within(IntSupplier batchBytesMax) {
    return new GroupSettings(
        joinWindowMs,
        initialDelayMaxMs,
        sizeMax,
        sessionTimeoutMinMs,
        sessionTimeoutMaxMs,
        newMemberJoinMaxMs,
        offsetMetadataMax,
        offsetsRetentionMs,
        offsetsCheckIntervalMs,
        () -> recordBytesWithin(batchBytesMax.getAsInt()));
  }

  private static int recordBytesWithin(int batchBytes) {
    return Math.max(batchBytes / 2, batchBytes - BATCH_OVERHEAD_BYTES);
  }
}
