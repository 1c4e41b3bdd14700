package io.millrace.coordinator.group;

import io.millrace.model.BrowserClientId;
import io.millrace.model.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What everyone may see of a group. Immutable.
 *
 * @param groupId the group
 * @param state its state in Kafka's words: Empty, PreparingRebalance, CompletingRebalance, Stable
 * @param protocolType {@code consumer} for consumers; empty for a group that only commits
 * @param protocol the chosen assignor; null before the first generation
 * @param generation its generation
 * @param leader member id of the leader; null without members
 * @param members its members
 * @param rebalancing why it rebalances now; null when it does not
 * @param rebalances the last rebalances, oldest first, since the coordinator was loaded
 */
public record GroupView(
    String groupId,
    String state,
    String protocolType,
    @Nullable String protocol,
    int generation,
    @Nullable String leader,
    List<MemberView> members,
    @Nullable String rebalancing,
    List<Rebalance> rebalances) {

  /**
   * A member.
   *
   * @param instanceId static id, or null
   * @param host address that it joined from
   * @param node id of the broker that it is connected to; {@link GroupCall#HERE} for that of the
   *     coordinator, {@link #NODE_UNKNOWN} since the coordinator moved
   * @param assigned partitions assigned to it; empty when it has none or they cannot be read
   */
  public record MemberView(
      String memberId,
      @Nullable String instanceId,
      String clientId,
      String host,
      int node,
      List<TopicPartition> assigned) {
    /** The coordinator was loaded since it joined. */
    public static final int NODE_UNKNOWN = -2;

    /** Whether a browser is the member, and not a client over TCP. */
    public boolean isBrowser() {
      return BrowserClientId.isOne(clientId);
    }
  }

  /**
   * A rebalance that ended.
   *
   * @param generation generation that it led to
   * @param members members of that generation
   * @param atMs wall-clock time in ms at which it began
   * @param durationMs time in ms until the assignment was there
   * @param cause why it happened, in words
   */
  public record Rebalance(int generation, int members, long atMs, long durationMs, String cause) {}

  static GroupView of(Group group) {
    return new GroupView(
        group.id(),
        group.state().kafkaName(),
        group.protocolType(),
        group.protocol(),
        group.generation(),
        group.leader(),
        group.members().stream().map(m -> member(group, m)).toList(),
        group.history().currentCause(),
        group.history().past());
  }

  private static MemberView member(Group group, Member member) {
    List<TopicPartition> assigned =
        group.usesConsumerProtocol()
            ? ConsumerMetadata.assignedPartitions(member.assignment())
            : null;
    return new MemberView(
        member.id(),
        member.instanceId(),
        member.clientId(),
        member.clientHost(),
        member.node(),
        assigned == null ? List.of() : List.copyOf(assigned));
  }
}
