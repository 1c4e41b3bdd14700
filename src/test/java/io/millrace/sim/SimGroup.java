package io.millrace.sim;

import io.vertx.core.AsyncResult;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
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
import org.jspecify.annotations.Nullable;

/**
 * A group of one member that joins, beats, commits growing offsets and reads them back. As long as
 * the power is not cut, an acknowledged commit is never lost, no commit is read back that was not
 * sent, and the generation of its assignments never goes back.
 *
 * <p>Confined to the test's thread.
 */
final class SimGroup {
  private final SimWorld world;
  private final String groupId;
  private final long connection;

  private String memberId = "";
  private int generation = -1;
  private boolean found;
  private boolean stable;
  private boolean asking;

  private long sent;
  private long acknowledged = -1;
  private int assignedGeneration = -1;
  private int cutsSeen;

  SimGroup(SimWorld world, String groupId, long connection) {
    this.world = world;
    this.groupId = groupId;
    this.connection = connection;
  }

  /** Sends the next request, when the last one was answered. */
  void step() {
    if (asking || !world.isServing()) {
      return;
    }
    asking = true;
    if (!found) {
      find();
    } else if (!stable) {
      join();
    } else if (world.random.nextInt(3) == 0) {
      heartbeat();
    } else if (world.random.nextInt(2) == 0) {
      fetch();
    } else {
      commit();
    }
  }

  private interface Answered {
    void with(ApiMessage answer);
  }

  private void call(ApiKeys api, int version, ApiMessage request, Answered next) {
    world
        .call(connection, api, version, request)
        .onComplete(
            (AsyncResult<@Nullable ApiMessage> done) -> {
              asking = false;
              forgetWhatAPowerCutMayLose();
              if (done.succeeded() && done.result() != null) {
                next.with(done.result());
              }
            });
  }

  private void forgetWhatAPowerCutMayLose() {
    if (world.powerCuts() != cutsSeen) {
      cutsSeen = world.powerCuts();
      acknowledged = -1;
      assignedGeneration = -1;
    }
  }

  private void find() {
    call(
        ApiKeys.FIND_COORDINATOR,
        4,
        new FindCoordinatorRequestData().setCoordinatorKeys(List.of(groupId)),
        answer ->
            found = ((FindCoordinatorResponseData) answer).coordinators().get(0).errorCode() == 0);
  }

  private void join() {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(groupId)
            .setMemberId(memberId)
            .setSessionTimeoutMs(6_000)
            .setRebalanceTimeoutMs(6_000)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
    call(
        ApiKeys.JOIN_GROUP,
        9,
        request,
        answer -> {
          JoinGroupResponseData joined = (JoinGroupResponseData) answer;
          switch (Errors.forCode(joined.errorCode())) {
            case MEMBER_ID_REQUIRED -> memberId = joined.memberId();
            case NONE -> {
              generation = joined.generationId();
              asking = true;
              sync();
            }
            default -> startAnew(Errors.forCode(joined.errorCode()));
          }
        });
  }

  private void sync() {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(groupId)
            .setMemberId(memberId)
            .setGenerationId(generation)
            .setProtocolType("consumer")
            .setProtocolName("range");
    request
        .assignments()
        .add(new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(new byte[] {7}));
    call(
        ApiKeys.SYNC_GROUP,
        5,
        request,
        answer -> {
          Errors error = Errors.forCode(((SyncGroupResponseData) answer).errorCode());
          if (error == Errors.NONE) {
            check(generation >= assignedGeneration, "the generation went back to " + generation);
            assignedGeneration = generation;
            stable = true;
            SimWorld.count("assignments", 1);
          } else {
            startAnew(error);
          }
        });
  }

  private void startAnew(Errors error) {
    stable = false;
    if (error == Errors.UNKNOWN_MEMBER_ID) {
      memberId = "";
    }
  }

  private void heartbeat() {
    call(
        ApiKeys.HEARTBEAT,
        4,
        new HeartbeatRequestData()
            .setGroupId(groupId)
            .setMemberId(memberId)
            .setGenerationId(generation),
        answer -> goOn(Errors.forCode(((HeartbeatResponseData) answer).errorCode())));
  }

  private void goOn(Errors error) {
    switch (error) {
      case NONE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> {}
      default -> startAnew(error);
    }
  }

  private void commit() {
    long offset = ++sent;
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("plain");
    topic
        .partitions()
        .add(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset));
    call(
        ApiKeys.OFFSET_COMMIT,
        9,
        new OffsetCommitRequestData()
            .setGroupId(groupId)
            .setMemberId(memberId)
            .setGenerationIdOrMemberEpoch(generation)
            .setTopics(List.of(topic)),
        answer -> {
          short code =
              ((OffsetCommitResponseData) answer).topics().get(0).partitions().get(0).errorCode();
          if (code == 0) {
            acknowledged = offset;
            SimWorld.count("commits", 1);
          }
          goOn(Errors.forCode(code));
        });
  }

  private void fetch() {
    OffsetFetchRequestTopics topic =
        new OffsetFetchRequestTopics().setName("plain").setPartitionIndexes(List.of(0));
    call(
        ApiKeys.OFFSET_FETCH,
        9,
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(List.of(topic)))),
        answer -> {
          var group = ((OffsetFetchResponseData) answer).groups().get(0);
          if (group.errorCode() == 0) {
            long offset = group.topics().get(0).partitions().get(0).committedOffset();
            check(offset <= sent, "offset " + offset + " was never committed");
            check(
                offset >= acknowledged,
                "offset " + offset + " is read back where " + acknowledged + " was acknowledged");
            SimWorld.count("offsets read back", 1);
          }
        });
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("group " + groupId + ": " + otherwise);
    }
  }
}
