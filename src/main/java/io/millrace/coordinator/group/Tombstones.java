package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.shard.ShardResult;
import org.apache.kafka.common.utils.Utils;

/**
 * The tombstones of one step, as many as one batch holds. A sweep that finds more goes on in a
 * further step. Confined to: the step.
 */
final class Tombstones {
  private static final int OVERHEAD_BYTES = 40;

  private final ShardResult.Builder<GroupRecord> step;
  private long bytesLeft;
  private boolean incomplete;

  Tombstones(long bytesMax, ShardResult.Builder<GroupRecord> step) {
    this.bytesLeft = bytesMax;
    this.step = step;
  }

  void add(OffsetRemoved record) {
    add(record, sizeOf(record.groupId()) + sizeOf(record.partition().topic()));
  }

  void add(GroupRemoved record) {
    add(record, sizeOf(record.groupId()));
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

  private static long sizeOf(String name) {
    return Utils.utf8Length(name);
  }
}
