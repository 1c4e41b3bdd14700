package io.millrace.coordinator.group;

import io.millrace.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * What consumers say in their metadata: Kafka's ConsumerProtocolSubscription and
 * ConsumerProtocolAssignment, each behind its version number. A version that is newer than ours is
 * read as our highest one: newer versions only add fields at the end.
 *
 * <p>Clients may put any bytes there, and the generated readers fail on them with plain runtime
 * exceptions; so all of those mean that the bytes cannot be read, which is an answer and no fault.
 */
final class ConsumerMetadata {
  /** Protocol type of groups of consumers. */
  static final String PROTOCOL_TYPE = "consumer";

  private ConsumerMetadata() {}

  /** Topics that the members subscribed to; null when one of them cannot be read. */
  static @Nullable Set<String> subscribedTopics(
      Collection<Member> members, @Nullable String protocol) {
    Set<String> topics = new TreeSet<>();
    try {
      for (Member member : members) {
        topics.addAll(subscription(ByteBuffer.wrap(member.metadata(protocol))).topics());
      }
      return topics;
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Partitions of an assignment; null when it cannot be read. */
  static @Nullable List<TopicPartition> assignedPartitions(byte[] assignment) {
    if (assignment.length == 0) {
      return List.of();
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(assignment);
      short version = version(in, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
      var read = new ConsumerProtocolAssignment(new ByteBufferAccessor(in), version);
      List<TopicPartition> partitions = new ArrayList<>();
      read.assignedPartitions()
          .forEach(t -> t.partitions().forEach(p -> partitions.add(at(t.topic(), p))));
      return partitions;
    } catch (RuntimeException e) {
      return null;
    }
  }

  /**
   * Whether a member said to have partitions that its assignment leaves out: under a cooperative
   * assignor nobody gets them before it joins again without them (KIP-429). False when that cannot
   * be read.
   */
  static boolean hasToGiveUp(byte[] metadata, byte[] assignment) {
    List<TopicPartition> assigned = assignedPartitions(assignment);
    if (assigned == null) {
      return false;
    }
    try {
      List<TopicPartition> owned = new ArrayList<>();
      subscription(ByteBuffer.wrap(metadata))
          .ownedPartitions()
          .forEach(t -> t.partitions().forEach(p -> owned.add(at(t.topic(), p))));
      return !new HashSet<>(assigned).containsAll(owned);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static TopicPartition at(String topic, int partition) {
    return new TopicPartition(topic, partition);
  }

  private static ConsumerProtocolSubscription subscription(ByteBuffer in) {
    short version = version(in, ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION);
    return new ConsumerProtocolSubscription(new ByteBufferAccessor(in), version);
  }

  private static short version(ByteBuffer in, short highest) {
    short version = in.getShort();
    if (version < 0) {
      throw new IllegalArgumentException("version " + version);
    }
    return version > highest ? highest : version;
  }
}
