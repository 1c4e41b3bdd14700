package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;

/**
 * The assignors that a browser offers: Kafka's own, so that it shares a group with the usual TCP
 * members and shares out as they would when it leads (KIP-429 for the cooperative one).
 *
 * <p>The cooperative one comes first, since pages come and go often; a group with members that know
 * only others elects one of those. Confined to: its member.
 */
final class Assignors {
  private static final String COOPERATIVE =
      CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME;

  private final List<ConsumerPartitionAssignor> offered =
      List.of(
          new CooperativeStickyAssignor(),
          new RangeAssignor(),
          new RoundRobinAssignor(),
          new StickyAssignor());

  private final ToIntFunction<String> partitionCounts;

  /** Topics and their numbers of partitions when this member last shared out. */
  private Map<String, Integer> sharedOut = Map.of();

  /**
   * @param partitionCounts number of partitions of a topic now; 0 when there is no such topic
   */
  Assignors(ToIntFunction<String> partitionCounts) {
    this.partitionCounts = partitionCounts;
  }

  /** Whether members keep their partitions while they join again under this protocol. */
  static boolean isCooperative(String protocol) {
    return protocol.equals(COOPERATIVE);
  }

  /** What the member brings along when it joins. */
  JoinGroupRequestProtocolCollection protocols(
      List<String> topics, Collection<TopicPartition> owned, int generation) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    for (ConsumerPartitionAssignor assignor : offered) {
      Subscription subscription =
          new Subscription(
              topics,
              assignor.subscriptionUserData(new TreeSet<>(topics)),
              owned.stream().map(Assignors::kafka).toList(),
              generation,
              Optional.empty());
      protocols.add(
          new JoinGroupRequestProtocol()
              .setName(assignor.name())
              .setMetadata(bytes(ConsumerProtocol.serializeSubscription(subscription))));
    }
    return protocols;
  }

  /**
   * Shares out as the leader of a generation.
   *
   * @throws RuntimeException when the metadata of a member cannot be read
   */
  List<SyncGroupRequestAssignment> shareOut(JoinGroupResponseData joined) {
    Map<String, Subscription> members = subscriptions(joined);
    learn(members.values());
    Map<String, Assignment> shares =
        assignor(joined.protocolName())
            .assign(cluster(sharedOut), new GroupSubscription(members))
            .groupAssignment();
    List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
    shares.forEach(
        (memberId, share) ->
            assignments.add(
                new SyncGroupRequestAssignment()
                    .setMemberId(memberId)
                    .setAssignment(bytes(ConsumerProtocol.serializeAssignment(share)))));
    return assignments;
  }

  /** Remembers the topics that the group reads as a leader that need not share out (KIP-814). */
  void learnTopics(JoinGroupResponseData joined) {
    learn(subscriptions(joined).values());
  }

  /** Whether the group's topics have other numbers of partitions than when it was shared out. */
  boolean areTopicsChanged() {
    return sharedOut.entrySet().stream()
        .anyMatch(topic -> partitionCounts.applyAsInt(topic.getKey()) != topic.getValue());
  }

  /** Reads what the leader gave this member, and lets the assignor remember it. */
  Set<TopicPartition> assigned(String protocol, byte[] assignment, ConsumerGroupMetadata member) {
    Assignment share =
        assignment.length == 0
            ? new Assignment(List.of())
            : ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment));
    assignor(protocol).onAssignment(share, member);
    Set<TopicPartition> partitions = new TreeSet<>(Holdings.ORDER);
    share.partitions().forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
    return partitions;
  }

  private void learn(Collection<Subscription> members) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Subscription member : members) {
      for (String topic : member.topics()) {
        counts.computeIfAbsent(topic, name -> partitionCounts.applyAsInt(name));
      }
    }
    sharedOut = counts;
  }

  private static Map<String, Subscription> subscriptions(JoinGroupResponseData joined) {
    Map<String, Subscription> members = new LinkedHashMap<>();
    for (JoinGroupResponseMember member : joined.members()) {
      Subscription subscription =
          ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(member.metadata()));
      subscription.setGroupInstanceId(Optional.ofNullable(member.groupInstanceId()));
      members.put(member.memberId(), subscription);
    }
    return members;
  }

  private ConsumerPartitionAssignor assignor(String name) {
    return offered.stream()
        .filter(assignor -> assignor.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("assignor " + name + " was not offered"));
  }

  /** The topics as assignors want them: only names and numbers count. */
  private static Cluster cluster(Map<String, Integer> topics) {
    List<PartitionInfo> partitions = new ArrayList<>();
    topics.forEach(
        (topic, count) -> {
          for (int partition = 0; partition < count; partition++) {
            partitions.add(new PartitionInfo(topic, partition, null, null, null));
          }
        });
    return new Cluster(null, List.of(), partitions, Set.of(), Set.of());
  }

  private static org.apache.kafka.common.TopicPartition kafka(TopicPartition partition) {
    return new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
