package io.millrace.cli.group;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind in a partition.
 *
 * @param partition which one
 * @param committed where the group goes on, if it committed
 * @param leaderEpoch epoch of the record before that, if it was committed
 * @param end where the partition ends, if it has a leader
 * @param member who reads it, if anybody does
 *     <p>Immutable.
 */
public record PartitionLag(
    TopicPartition partition,
    OptionalLong committed,
    OptionalInt leaderEpoch,
    OptionalLong end,
    Optional<MemberDescription> member) {

  /**
   * Reckons it.
   *
   * @param committed what the group committed; null when it did not
   * @param end where the partition ends; null when nobody can say
   * @param member who reads it; null when nobody does
   */
  static PartitionLag of(
      TopicPartition partition,
      @Nullable OffsetAndMetadata committed,
      @Nullable Long end,
      @Nullable MemberDescription member) {
    OptionalInt epoch = OptionalInt.empty();
    if (committed != null && committed.leaderEpoch().isPresent()) {
      epoch = OptionalInt.of(committed.leaderEpoch().get());
    }
    return new PartitionLag(
        partition,
        committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset()),
        epoch,
        end == null ? OptionalLong.empty() : OptionalLong.of(end),
        Optional.ofNullable(member));
  }

  /** Records that the group has not committed yet, if that is known. */
  public OptionalLong lag() {
    return committed.isPresent() && committed.getAsLong() >= 0 && end.isPresent()
        ? OptionalLong.of(end.getAsLong() - committed.getAsLong())
        : OptionalLong.empty();
  }
}
