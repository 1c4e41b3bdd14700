package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupStored;
import java.util.function.IntSupplier;

/**
 * How large the records of one step may be. What is larger is refused before it is appended: a
 * failed append throws away the memory of all groups of the shard. Confined to: its shard.
 */
final class RecordLimit {
  private final IntSupplier bytesMax;
  private final GroupRecordCodec codec = new GroupRecordCodec();

  RecordLimit(IntSupplier bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The limit at present, in bytes. */
  int bytes() {
    return bytesMax.getAsInt();
  }

  boolean holds(GroupStored stored) {
    byte[] value = codec.encode(stored).value();
    return value == null || value.length <= bytes();
  }
}
