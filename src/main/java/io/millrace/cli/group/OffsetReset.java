package io.millrace.cli.group;

import io.millrace.cli.tool.ToolException;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Where the offsets of a group are to be set. Immutable. */
public sealed interface OffsetReset {
  /**
   * What is known of a partition.
   *
   * @param committed offset that the group committed, if any
   * @param start first offset that can be read
   * @param end offset of the next record
   * @param timed first offset at or after the time of a {@link ToTime}, if there is one
   */
  record Position(OptionalLong committed, long start, long end, OptionalLong timed) {}

  /**
   * The offset that is asked for, which may lie outside the log.
   *
   * @throws ToolException when there is none
   */
  long target(TopicPartition partition, Position position);

  /** The offset nearest to the one that is asked for and inside the log. */
  default long within(TopicPartition partition, Position position) {
    return Math.min(position.end, Math.max(position.start, target(partition, position)));
  }

  /** To the first record. */
  record ToEarliest() implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return position.start;
    }
  }

  /** Behind the last record. */
  record ToLatest() implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return position.end;
    }
  }

  /** Where the group is; behind the last record where it never was. */
  record ToCurrent() implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return position.committed.orElse(position.end);
    }

    /** Also outside the log: nothing is moved. */
    @Override
    public long within(TopicPartition partition, Position position) {
      return target(partition, position);
    }
  }

  /**
   * To one offset in all partitions.
   *
   * @param offset which one
   */
  record ToOffset(long offset) implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return offset;
    }
  }

  /**
   * Forward or back from where the group is.
   *
   * @param records how many; less than 0 for back
   */
  record ShiftBy(long records) implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      if (position.committed.isEmpty()) {
        throw ToolException.wrongUsage(
            "Cannot shift offset for partition "
                + partition
                + " since there is no current committed offset");
      }
      return position.committed.getAsLong() + records;
    }
  }

  /**
   * To the first record at or after a time; behind the last one where there is none.
   *
   * @param timestampMs milliseconds since 1970
   */
  record ToTime(long timestampMs) implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return position.timed.orElse(position.end);
    }
  }

  /**
   * To an offset of its own for each partition.
   *
   * @param offsets by partition
   */
  record ToPlan(Map<TopicPartition, Long> offsets) implements OffsetReset {
    @Override
    public long target(TopicPartition partition, Position position) {
      return offsets.get(partition);
    }
  }
}
