package io.millrace.sim.cluster;

import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member of a group over TCP: joins, shares out as the leader, beats, commits, and stalls at
 * times for longer than its session, to go on as if nothing had happened.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterMember {
  private static final int SESSION_TIMEOUT_MS = 3_000;

  private final ClusterWorld world;
  private final ClusterGroup group;
  private final ClusterClient client;
  private final String topic;
  private final int partitions;
  private final String name;

  private int coordinator = -1;
  private String memberId = "";
  private int generation = -1;
  private boolean stable;
  private boolean asking;
  private List<Integer> holding = List.of();
  private long stalledUntilMs;

  ClusterMember(ClusterWorld world, ClusterGroup group, String topic, int partitions, String name) {
    this.world = world;
    this.group = group;
    this.topic = topic;
    this.partitions = partitions;
    this.name = name;
    this.client = new ClusterClient(world, name);
  }

  /** Whether it has its place in the newest generation. */
  boolean isSettled() {
    return stable && generation == group.newestGeneration();
  }

  /** Does nothing for that long. */
  void stall(long ms) {
    stalledUntilMs = world.sim.clock().monotonicMs() + ms;
  }

  /** Sends the next request, when the last one was answered. */
  void step() {
    if (asking || world.sim.clock().monotonicMs() < stalledUntilMs) {
      return;
    }
    asking = true;
    if (coordinator < 0) {
      find();
    } else if (!stable && !holding.isEmpty() && world.random.nextInt(4) == 0) {
      // It does not know yet that the group has gone on without it.
      commit();
    } else if (!stable) {
      join();
    } else if (world.random.nextInt(3) == 0) {
      heartbeat();
    } else if (holding.isEmpty() || world.random.nextInt(3) == 0) {
      fetch();
    } else {
      commit();
    }
  }

  private <R extends ApiMessage> void call(
      ApiKeys api, int version, ApiMessage request, Consumer<R> next) {
    client
        .<R>call(coordinator, api, version, request)
        .onComplete(
            (AsyncResult<R> done) -> {
              asking = false;
              if (done.succeeded()) {
                next.accept(done.result());
              } else {
                coordinator = -1;
              }
            });
  }

  private void find() {
    coordinator = client.anyBroker();
    this.<FindCoordinatorResponseData>call(
        ApiKeys.FIND_COORDINATOR,
        4,
        new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group.id())),
        answer -> {
          var found = answer.coordinators().get(0);
          coordinator = found.errorCode() == 0 ? found.nodeId() : -1;
        });
  }

  private void join() {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(group.id())
            .setMemberId(memberId)
            .setSessionTimeoutMs(SESSION_TIMEOUT_MS)
            .setRebalanceTimeoutMs(SESSION_TIMEOUT_MS)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
    int newest = group.newestGeneration();
    this.<JoinGroupResponseData>call(
        ApiKeys.JOIN_GROUP,
        9,
        request,
        joined -> {
          Errors error = Errors.forCode(joined.errorCode());
          switch (error) {
            case MEMBER_ID_REQUIRED -> memberId = joined.memberId();
            case NONE -> {
              group.joined(joined.generationId(), newest);
              generation = joined.generationId();
              memberId = joined.memberId();
              asking = true;
              sync(joined);
            }
            default -> goOn(error);
          }
        });
  }

  private void sync(JoinGroupResponseData joined) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group.id())
            .setMemberId(memberId)
            .setGenerationId(generation)
            .setProtocolType("consumer")
            .setProtocolName("range");
    if (joined.leader().equals(memberId)) {
      shareOut(joined.members())
          .forEach(
              (member, share) ->
                  request
                      .assignments()
                      .add(
                          new SyncGroupRequestAssignment()
                              .setMemberId(member)
                              .setAssignment(share)));
    }
    int inGeneration = generation;
    this.<SyncGroupResponseData>call(
        ApiKeys.SYNC_GROUP,
        5,
        request,
        answer -> {
          Errors error = Errors.forCode(answer.errorCode());
          if (error == Errors.NONE) {
            holding = new ArrayList<>();
            for (byte partition : answer.assignment()) {
              holding.add((int) partition);
            }
            group.assigned(inGeneration, memberId, holding);
            stable = true;
          } else {
            goOn(error);
          }
        });
  }

  private Map<String, byte[]> shareOut(List<JoinGroupResponseMember> members) {
    Map<String, byte[]> shares = new TreeMap<>();
    for (int m = 0; m < members.size(); m++) {
      byte[] share = new byte[(partitions - m + members.size() - 1) / members.size()];
      for (int i = 0; i < share.length; i++) {
        share[i] = (byte) (m + i * members.size());
      }
      shares.put(members.get(m).memberId(), share);
    }
    return shares;
  }

  private void goOn(Errors error) {
    switch (error) {
      case NONE -> {}
      case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> {}
      case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> coordinator = -1;
      case UNKNOWN_MEMBER_ID -> {
        memberId = "";
        stable = false;
      }
      case ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS -> stable = false;
      default -> throw new Violation("answers", name + " was answered with " + error);
    }
  }

  private void heartbeat() {
    this.<HeartbeatResponseData>call(
        ApiKeys.HEARTBEAT,
        4,
        new HeartbeatRequestData()
            .setGroupId(group.id())
            .setMemberId(memberId)
            .setGenerationId(generation),
        answer -> goOn(Errors.forCode(answer.errorCode())));
  }

  private void commit() {
    int partition = holding.get(world.random.nextInt(holding.size()));
    long offset = group.nextCommit(partition);
    int newest = group.newestGeneration();
    int mine = generation;
    OffsetCommitRequestTopic part = new OffsetCommitRequestTopic().setName(topic);
    part.partitions()
        .add(
            new OffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset));
    this.<OffsetCommitResponseData>call(
        ApiKeys.OFFSET_COMMIT,
        9,
        new OffsetCommitRequestData()
            .setGroupId(group.id())
            .setMemberId(memberId)
            .setGenerationIdOrMemberEpoch(mine)
            .setTopics(List.of(part)),
        answer -> {
          Errors error = Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
          switch (error) {
            case NONE -> group.committed(partition, offset, mine, newest);
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> group.refused(partition, offset);
            case UNKNOWN_TOPIC_OR_PARTITION -> group.refused(partition, offset);
            default -> {}
          }
          if (error != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
            goOn(error);
          }
        });
  }

  private void fetch() {
    int partition = world.random.nextInt(partitions);
    long acknowledged = group.acknowledged(partition);
    OffsetFetchRequestTopics part =
        new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(partition));
    this.<OffsetFetchResponseData>call(
        ApiKeys.OFFSET_FETCH,
        9,
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup().setGroupId(group.id()).setTopics(List.of(part)))),
        answer -> {
          var found = answer.groups().get(0);
          Errors error = Errors.forCode(found.errorCode());
          if (error == Errors.NONE) {
            var offset = found.topics().get(0).partitions().get(0);
            group.readBack(partition, offset.committedOffset(), acknowledged);
          } else {
            goOn(error);
          }
        });
  }

  @Override
  public String toString() {
    return name
        + " of "
        + group.id()
        + ": coordinator "
        + coordinator
        + ", generation "
        + generation
        + (stable ? ", stable" : "")
        + (asking ? ", waits" : "");
  }
}
