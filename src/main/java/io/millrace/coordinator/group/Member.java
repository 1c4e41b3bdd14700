package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.shard.Reply;
import io.millrace.time.Timer;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/** A member of a classic group. Confined to: its group. */
final class Member {
  static final byte[] NOTHING = new byte[0];
  private static final int NODE_UNKNOWN = GroupView.MemberView.NODE_UNKNOWN;

  private final String id;
  private final @Nullable String instanceId;
  private final String clientId;
  private final String clientHost;

  // Soft: changed by the steps of requests.
  private List<Protocol> protocols;
  private int rebalanceTimeoutMs;
  private int sessionTimeoutMs;

  /** Id of the broker that it is connected to; not known of a member that was loaded. */
  private int node = NODE_UNKNOWN;

  /** Whether it was made from a record, which has no protocol but the elected one. */
  private boolean loaded;

  /** Whether it has never had a generation. */
  private boolean fresh = true;

  private @Nullable Reply<JoinGroupResponseData> join;
  private @Nullable Reply<SyncGroupResponseData> sync;

  /** Monotonic time in ms at which the session ends when nothing is heard until then. */
  long sessionEndsMs;

  /** Monotonic time in ms at which the timer looks. */
  long sessionLooksMs;

  Timer.@Nullable Handle sessionTimer;

  // Durable: changed by replay.
  private byte[] assignment = NOTHING;

  Member(
      String id,
      @Nullable String instanceId,
      String clientId,
      String clientHost,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      List<Protocol> protocols) {
    this.id = id;
    this.instanceId = instanceId;
    this.clientId = clientId;
    this.clientHost = clientHost;
    this.rebalanceTimeoutMs = rebalanceTimeoutMs;
    this.sessionTimeoutMs = sessionTimeoutMs;
    this.protocols = protocols;
  }

  /** A member as its group's record has it. */
  static Member of(StoredMember stored, @Nullable String protocol) {
    List<Protocol> protocols =
        protocol == null ? List.of() : List.of(new Protocol(protocol, stored.subscription()));
    Member member =
        new Member(
            stored.memberId(),
            stored.instanceId(),
            stored.clientId(),
            stored.clientHost(),
            stored.rebalanceTimeoutMs(),
            stored.sessionTimeoutMs(),
            protocols);
    member.fresh = false;
    member.loaded = true;
    member.assignment = stored.assignment();
    return member;
  }

  /** The same static member under the id of its new process; it keeps the assignment. */
  Member replacedBy(String newId, String newClientId, String newClientHost) {
    Member successor =
        new Member(
            newId,
            instanceId,
            newClientId,
            newClientHost,
            rebalanceTimeoutMs,
            sessionTimeoutMs,
            protocols);
    successor.fresh = fresh;
    successor.loaded = loaded;
    successor.assignment = assignment;
    return successor;
  }

  StoredMember stored(@Nullable String protocol, byte[] newAssignment) {
    return new StoredMember(
        id,
        instanceId,
        clientId,
        clientHost,
        rebalanceTimeoutMs,
        sessionTimeoutMs,
        metadata(protocol),
        newAssignment);
  }

  void update(List<Protocol> newProtocols, int newRebalanceTimeoutMs, int newSessionTimeoutMs) {
    protocols = newProtocols;
    loaded = false;
    rebalanceTimeoutMs = newRebalanceTimeoutMs;
    sessionTimeoutMs = newSessionTimeoutMs;
  }

  /** Its metadata for a protocol; empty when it does not support it. */
  byte[] metadata(@Nullable String protocol) {
    for (Protocol candidate : protocols) {
      if (candidate.name().equals(protocol)) {
        return candidate.metadata();
      }
    }
    return NOTHING;
  }

  /**
   * Whether it brings the same protocols, in the same order, with the same metadata. Of one that
   * was loaded only the elected protocol is known: that one must be among them, with the same
   * metadata.
   */
  boolean supportsSame(List<Protocol> others) {
    if (loaded) {
      return protocols.stream().allMatch(known -> others.stream().anyMatch(known::isSameAs));
    }
    if (protocols.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < protocols.size(); i++) {
      if (!protocols.get(i).isSameAs(others.get(i))) {
        return false;
      }
    }
    return true;
  }

  JoinGroupResponseMember toResponse(@Nullable String protocol) {
    return new JoinGroupResponseMember()
        .setMemberId(id)
        .setGroupInstanceId(instanceId)
        .setMetadata(metadata(protocol));
  }

  void awaitJoin(Reply<JoinGroupResponseData> reply) {
    join = reply;
  }

  void awaitSync(Reply<SyncGroupResponseData> reply) {
    sync = reply;
  }

  boolean isAwaitingJoin() {
    return join != null;
  }

  boolean isAwaitingSync() {
    return sync != null;
  }

  /** Gives up the waiting reply of JoinGroup, if there is one. */
  @Nullable Reply<JoinGroupResponseData> takeJoin() {
    Reply<JoinGroupResponseData> taken = join;
    join = null;
    return taken;
  }

  /** Gives up the waiting reply of SyncGroup, if there is one. */
  @Nullable Reply<SyncGroupResponseData> takeSync() {
    Reply<SyncGroupResponseData> taken = sync;
    sync = null;
    return taken;
  }

  /** Whether waiting in the coordinator counts as being heard of. */
  boolean isHeldByCoordinator() {
    return !fresh && (join != null || sync != null);
  }

  void hasGeneration() {
    fresh = false;
  }

  boolean isFresh() {
    return fresh;
  }

  void assign(byte[] newAssignment) {
    assignment = newAssignment;
  }

  byte[] assignment() {
    return assignment;
  }

  String id() {
    return id;
  }

  @Nullable String instanceId() {
    return instanceId;
  }

  boolean isStatic() {
    return instanceId != null;
  }

  String clientId() {
    return clientId;
  }

  /** It joined from that broker. */
  void connectedTo(int brokerId) {
    node = brokerId;
  }

  int node() {
    return node;
  }

  String clientHost() {
    return clientHost;
  }

  List<Protocol> protocols() {
    return protocols;
  }

  int rebalanceTimeoutMs() {
    return rebalanceTimeoutMs;
  }

  int sessionTimeoutMs() {
    return sessionTimeoutMs;
  }
}
