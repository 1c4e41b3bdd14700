package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.shard.ShardResult;

/**
 * The tombstones of one step, as many as one batch holds. A sweep that finds more goes on in a
 * further step. Confined to: the step.
 */
final class Tombstones {
  private static final int OVERHEAD_BYTES = 40;
  private static final int UTF8_BYTES_MAX = 3;

  private final ShardResult.Builder<GroupRecord> step;
  private long bytesLeft;
  private boolean incomplete;

  Tombstones(long bytesMax, ShardResult.Builder<GroupRecord> step) {
    this.bytesLeft = bytesMax;
    this.step = step;
  }

  void add(OffsetRemoved record) {
    add(record, bytesMax(record.groupId()) + bytesMax(record.partition().topic()));
  }

  void add(GroupRemoved record) {
    add(record, bytesMax(record.groupId()));
  }

  private void add(GroupRecord record, long nameBytes) {
    boolean fits = bytesLeft >= nameBytes + OVERHEAD_BYTES || step.hasNoRecords();
    if (incomplete || !fits) {
      incomplete = true;
    } else {
      bytesLeft -= nameBytes + OVERHEAD_BYTES;
      step.append(record);
    }
  }

  /** Whether some had no room. */
  boolean areIncomplete() {
    return incomplete;
  }

  /** Bytes that a name takes in UTF-8 at most. */
  static long bytesMax(String name) {
    return (long) UTF8_BYTES_MAX * name.length();
  }
}
