package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.Snapshot;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.group.GroupState.Completing;
import io.millrace.coordinator.group.GroupState.Dead;
import io.millrace.coordinator.group.GroupState.Empty;
import io.millrace.coordinator.group.GroupState.Preparing;
import io.millrace.coordinator.group.GroupState.Stable;
import io.millrace.coordinator.group.GroupState.Syncs;
import io.millrace.time.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One classic group: its state, its members, its generation.
 *
 * <p>Durable parts (generation, protocol, leader, assignments, since when) are written by {@link
 * #replay}; the steps of a rebalance run ahead of it in memory, and what they did is lost with the
 * coordinator until the leader's assignment is stored. Confined to: its shard.
 */
final class Group {
  /** Ids that wait for their members: a client that asks again and again would add without end. */
  static final int PENDING_IDS_MAX = 10_000;

  private final String id;
  private final GroupMemory.Share memory;
  private GroupState state = new Empty();
  private String protocolType = "";
  private int generation;
  private @Nullable String protocol;
  private @Nullable String leader;
  private long stateSinceMs = -1;
  private @Nullable Set<String> subscribedTopics;

  private final Map<String, Member> members = new LinkedHashMap<>();

  // Most groups only have offsets, so the rest is made when it is needed.
  private Map<String, String> staticMembers = Map.of();

  /** Ids given out by KIP-394 that have not joined yet, with the timers that forget them. */
  private Map<String, Timer.Handle> pendingIds = Map.of();

  /** How many members support each protocol. */
  private Map<String, Integer> supporters = Map.of();

  private final RebalanceHistory history;

  /**
   * @param memory is told what the group takes, until it is {@link #end ended}
   */
  Group(String id, GroupMemory.Share memory) {
    this.id = id;
    this.memory = memory;
    this.history = new RebalanceHistory(memory);
    memory.add(Weights.group(id));
  }

  String id() {
    return id;
  }

  GroupState state() {
    return state;
  }

  /** Moves to another state, as far as the machine has that transition. */
  void become(GroupState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(
          "group " + id + " from " + state.kafkaName() + " to " + next.kafkaName());
    }
    state = next;
  }

  /**
   * Applies a stored generation.
   *
   * @param live whether this coordinator has just written it, so that the members are here with
   *     what they wait for; on loading they are made from the record
   */
  void replay(Snapshot stored, boolean live) {
    if (!live) {
      List.copyOf(members.keySet()).forEach(this::remove);
    }
    protocolType = stored.protocolType();
    generation = stored.generation();
    protocol = stored.protocol();
    leader = stored.leader();
    stateSinceMs = stored.stateSinceMs();
    List<String> gone = new ArrayList<>(members.keySet());
    for (StoredMember member : stored.members()) {
      gone.remove(member.memberId());
      replayMember(member);
    }
    gone.forEach(this::remove);
    become(members.isEmpty() ? new Empty() : new Stable(syncs()));
    learnSubscribedTopics();
  }

  private void replayMember(StoredMember stored) {
    Member known = members.get(stored.memberId());
    if (known == null) {
      add(Member.of(stored, protocol));
    } else {
      memory.add(-Weights.member(known));
      known.assign(stored.assignment());
      memory.add(Weights.member(known));
    }
  }

  private Syncs syncs() {
    if (state instanceof Completing completing) {
      return completing.syncs();
    }
    return state instanceof Stable stable ? stable.syncs() : new Syncs();
  }

  /** What a record of this group says, with assignments that are yet to be stored. */
  Snapshot snapshot(Function<Member, byte[]> assignment, long wallMs) {
    List<StoredMember> stored =
        members.values().stream().map(m -> m.stored(protocol, assignment.apply(m))).toList();
    return new Snapshot(protocolType, generation, protocol, leader, wallMs, stored);
  }

  /** What a record says of this group when its last member is gone. */
  Snapshot emptied(long wallMs) {
    return new Snapshot(protocolType, generation + 1, null, null, wallMs, List.of());
  }

  void add(Member member) {
    if (members.isEmpty()) {
      leader = leader == null ? member.id() : leader;
    }
    members.put(member.id(), member);
    memory.add(Weights.member(member));
    if (member.instanceId() != null) {
      staticMembers = staticMembers.isEmpty() ? new HashMap<>() : staticMembers;
      staticMembers.put(member.instanceId(), member.id());
    }
    count(member.protocols(), 1);
    forgetPendingId(member.id());
  }

  /** Takes a member out; its timer must be stopped by the caller. */
  @Nullable Member remove(String memberId) {
    Member member = members.remove(memberId);
    if (member == null) {
      return null;
    }
    memory.add(-Weights.member(member));
    if (member.instanceId() != null) {
      staticMembers.remove(member.instanceId(), memberId);
    }
    count(member.protocols(), -1);
    if (memberId.equals(leader)) {
      leader = members.isEmpty() ? null : members.keySet().iterator().next();
    }
    return member;
  }

  /** Puts a static member's new process in the place of its old one. */
  Member replace(Member old, Member successor) {
    memory.add(Weights.member(successor) - Weights.member(old));
    boolean wasLeader = old.id().equals(leader);
    // In place, so that the order of members stays.
    List<Member> all = new ArrayList<>(members.values());
    members.clear();
    all.forEach(m -> members.put(m == old ? successor.id() : m.id(), m == old ? successor : m));
    staticMembers.put(String.valueOf(successor.instanceId()), successor.id());
    if (wasLeader) {
      leader = successor.id();
    }
    return successor;
  }

  void update(Member member, List<Protocol> protocols, int rebalanceTimeoutMs, int sessionMs) {
    count(member.protocols(), -1);
    memory.add(-Weights.member(member));
    member.update(protocols, rebalanceTimeoutMs, sessionMs);
    memory.add(Weights.member(member));
    count(protocols, 1);
  }

  private void count(List<Protocol> protocols, int by) {
    if (protocols.isEmpty()) {
      return;
    }
    supporters = supporters.isEmpty() ? new LinkedHashMap<>() : supporters;
    for (Protocol candidate : protocols) {
      supporters.merge(candidate.name(), by, Integer::sum);
    }
    supporters.values().removeIf(n -> n <= 0);
  }

  /** Whether a member with these protocols can be in this group (KIP-62). */
  boolean accepts(String type, List<Protocol> protocols) {
    if (type.isEmpty() || protocols.isEmpty()) {
      return false;
    }
    if (members.isEmpty()) {
      return true;
    }
    return type.equals(protocolType)
        && protocols.stream().anyMatch(p -> isSupportedByAll(p.name()));
  }

  private boolean isSupportedByAll(String name) {
    return supporters.getOrDefault(name, 0) == members.size();
  }

  /**
   * The protocol of the next generation: among those that all members support, the one that most
   * members prefer; of equals, the one that was voted for first.
   */
  String electProtocol() {
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (Member member : members.values()) {
      member.protocols().stream()
          .map(Protocol::name)
          .filter(this::isSupportedByAll)
          .findFirst()
          .ifPresent(name -> votes.merge(name, 1, Integer::sum));
    }
    String elected = "";
    int most = 0;
    for (Map.Entry<String, Integer> candidate : votes.entrySet()) {
      if (candidate.getValue() > most) {
        most = candidate.getValue();
        elected = candidate.getKey();
      }
    }
    return elected;
  }

  /** Sets the protocol type with the first member's join. */
  void setProtocolType(String type) {
    protocolType = type;
  }

  /** Makes a joined member the leader when the leader has not joined; false when nobody has. */
  boolean electLeader() {
    Member current = leader == null ? null : members.get(leader);
    if (current != null && current.isAwaitingJoin()) {
      return true;
    }
    for (Member member : members.values()) {
      if (member.isAwaitingJoin()) {
        leader = member.id();
        return true;
      }
    }
    return false;
  }

  /** Begins the next generation with the members that are there. */
  Syncs beginGeneration() {
    generation++;
    protocol = electProtocol();
    Syncs syncs = new Syncs();
    members.keySet().forEach(syncs::expect);
    become(new Completing(syncs));
    learnSubscribedTopics();
    return syncs;
  }

  private void learnSubscribedTopics() {
    subscribedTopics =
        usesConsumerProtocol() && !members.isEmpty()
            ? ConsumerMetadata.subscribedTopics(members.values(), protocol)
            : null;
  }

  /**
   * Checks that a member id, and the static id when one is given, belong to a member (KIP-345).
   *
   * @return NONE, UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID
   */
  Errors check(String memberId, @Nullable String instanceId) {
    if (instanceId != null) {
      String current = staticMembers.get(instanceId);
      if (current == null) {
        return Errors.UNKNOWN_MEMBER_ID;
      }
      if (!current.equals(memberId)) {
        return Errors.FENCED_INSTANCE_ID;
      }
    }
    return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
  }

  /** Notes an id that was given out; of too many the oldest is forgotten, and asked for anew. */
  void addPendingId(String memberId, Timer.Handle timer) {
    pendingIds = pendingIds.isEmpty() ? new LinkedHashMap<>() : pendingIds;
    if (pendingIds.put(memberId, timer) == null) {
      memory.add(Weights.pendingId(memberId));
    }
    if (pendingIds.size() > PENDING_IDS_MAX) {
      forgetPendingId(pendingIds.keySet().iterator().next());
    }
  }

  /** Whether the id was given out and not used; it is forgotten. */
  boolean forgetPendingId(String memberId) {
    if (!pendingIds.containsKey(memberId)) {
      return false;
    }
    pendingIds.remove(memberId).cancel();
    memory.add(-Weights.pendingId(memberId));
    return true;
  }

  boolean isPendingId(String memberId) {
    return pendingIds.containsKey(memberId);
  }

  boolean hasPendingIds() {
    return !pendingIds.isEmpty();
  }

  /** Whether there is nothing in it that anybody put there: a JoinGroup that was refused. */
  boolean isUnused() {
    return generation == 0 && state instanceof Empty && members.isEmpty() && pendingIds.isEmpty();
  }

  /** It is deleted: stops the timers that only the group itself knows. */
  void end() {
    stopTimers();
    List.copyOf(members.keySet()).forEach(this::remove);
    history.forget();
    memory.add(-Weights.group(id));
    become(new Dead());
  }

  private void stopTimers() {
    List.copyOf(pendingIds.keySet()).forEach(this::forgetPendingId);
    syncs().stop();
    if (state instanceof Preparing preparing && preparing.timer != null) {
      preparing.timer.cancel();
    }
  }

  boolean hasEveryoneJoined() {
    return pendingIds.isEmpty() && members.values().stream().allMatch(Member::isAwaitingJoin);
  }

  long countAwaitingJoin() {
    return members.values().stream().filter(Member::isAwaitingJoin).count();
  }

  int rebalanceTimeoutMs() {
    return members.values().stream().mapToInt(Member::rebalanceTimeoutMs).max().orElse(0);
  }

  List<JoinGroupResponseMember> memberResponses() {
    return members.values().stream().map(m -> m.toResponse(protocol)).toList();
  }

  Collection<Member> members() {
    return members.values();
  }

  @Nullable Member member(String memberId) {
    return members.get(memberId);
  }

  @Nullable String staticMemberId(String instanceId) {
    return staticMembers.get(instanceId);
  }

  boolean isLeader(String memberId) {
    return memberId.equals(leader);
  }

  boolean isEmpty() {
    return state instanceof Empty;
  }

  boolean usesConsumerProtocol() {
    return ConsumerMetadata.PROTOCOL_TYPE.equals(protocolType);
  }

  /**
   * Whether the group reads a topic (KIP-496). While that is not known, a group of consumers counts
   * as reading everything.
   */
  boolean isSubscribedTo(String topic) {
    return subscribedTopics == null
        ? usesConsumerProtocol() && !members.isEmpty()
        : subscribedTopics.contains(topic);
  }

  /** Topics that the group reads; null when not known. */
  @Nullable Set<String> subscribedTopics() {
    return subscribedTopics;
  }

  String protocolType() {
    return protocolType;
  }

  int generation() {
    return generation;
  }

  @Nullable String protocol() {
    return protocol;
  }

  @Nullable String leader() {
    return leader;
  }

  long stateSinceMs() {
    return stateSinceMs;
  }

  RebalanceHistory history() {
    return history;
  }
}
