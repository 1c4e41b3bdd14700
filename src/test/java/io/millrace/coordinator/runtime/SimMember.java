package io.millrace.coordinator.runtime;

import io.millrace.coordinator.group.GroupCall;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A consumer that joins, heartbeats, commits, pauses, dies and leaves at random. */
final class SimMember {
  private static final int PARTITIONS = 7;
  private static final int SESSION_MS = 3_000;
  private static final int REBALANCE_MS = 5_000;
  private static final short NEWEST = 9;

  private final GroupSim world;
  private final Random random;
  private final @Nullable String instanceId;
  private String id = "";
  private int generation = -1;
  private byte subscription;
  private List<Integer> owned = List.of();
  private boolean stable;

  /** What was sent by an earlier life is not listened to. */
  private int life;

  SimMember(GroupSim world, @Nullable String instanceId) {
    this.world = world;
    this.random = world.random();
    this.instanceId = instanceId;
  }

  int generation() {
    return generation;
  }

  boolean isStableIn(int expected) {
    return stable && generation == expected;
  }

  void startAfter(long ms) {
    later(ms, this::join);
  }

  private void later(long ms, Runnable step) {
    int mine = life;
    world.clients.schedule(
        ms,
        () -> {
          if (mine == life) {
            step.run();
          }
        });
  }

  private <T> void onAnswer(Future<T> answer, java.util.function.Consumer<T> next, Runnable again) {
    int mine = life;
    answer.onComplete(
        done -> {
          if (mine != life) {
            return;
          }
          if (done.failed()) {
            // Another coordinator, or a loading one: look again a little later.
            later(50 + random.nextInt(100), again);
          } else {
            next.accept(done.result());
          }
        });
  }

  private void join() {
    stable = false;
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId("g")
            .setMemberId(id)
            .setGroupInstanceId(instanceId)
            .setSessionTimeoutMs(SESSION_MS)
            .setRebalanceTimeoutMs(REBALANCE_MS)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(
            new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {subscription}));
    GroupCall call = new GroupCall("c", "/h", NEWEST);
    onAnswer(
        world.<JoinGroupResponseData>ask((shard, reply) -> shard.join(call, request, reply)),
        this::joined,
        this::join);
  }

  private void joined(JoinGroupResponseData answer) {
    switch (Errors.forCode(answer.errorCode())) {
      case NONE -> {
        id = answer.memberId();
        generation = answer.generationId();
        sync(answer);
      }
      case MEMBER_ID_REQUIRED -> {
        id = answer.memberId();
        join();
      }
      case REBALANCE_IN_PROGRESS -> later(50, this::join);
      default -> startAnew();
    }
  }

  private void startAnew() {
    id = "";
    later(random.nextInt(200), this::join);
  }

  private void sync(JoinGroupResponseData joined) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(id)
            .setGroupInstanceId(instanceId)
            .setGenerationId(generation);
    if (joined.leader().equals(id) && !joined.skipAssignment()) {
      List<String> all = joined.members().stream().map(m -> m.memberId()).toList();
      for (int i = 0; i < all.size(); i++) {
        request
            .assignments()
            .add(
                new SyncGroupRequestAssignment()
                    .setMemberId(all.get(i))
                    .setAssignment(share(i, all.size())));
      }
    }
    later(
        random.nextInt(100),
        () ->
            onAnswer(
                world.<SyncGroupResponseData>ask((shard, reply) -> shard.sync(request, reply)),
                this::synced,
                this::join));
  }

  private static byte[] share(int index, int of) {
    StringBuilder share = new StringBuilder();
    for (int partition = index; partition < PARTITIONS; partition += of) {
      share.append(partition).append(' ');
    }
    return share.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void synced(SyncGroupResponseData answer) {
    Errors error = Errors.forCode(answer.errorCode());
    if (error == Errors.NONE) {
      owned = new ArrayList<>();
      for (String part : new String(answer.assignment(), StandardCharsets.UTF_8).split(" ")) {
        if (!part.isEmpty()) {
          owned.add(Integer.parseInt(part));
        }
      }
      // A static member's new process owns what its old one did.
      world.assigned(generation, instanceId == null ? id : instanceId, owned);
      stable = true;
      later(random.nextInt(500), this::live);
    } else {
      rejoinAfter(error);
    }
  }

  private void rejoinAfter(Errors error) {
    stable = false;
    switch (error) {
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> startAnew();
      default -> join();
    }
  }

  private void live() {
    int dice = random.nextInt(100);
    if (!world.isCalm() && dice < 2) {
      die();
    } else if (!world.isCalm() && dice < 4) {
      leave();
    } else if (!world.isCalm() && dice < 6) {
      subscription++;
      join();
    } else if (!world.isCalm() && dice < 8) {
      later(random.nextInt(3 * SESSION_MS), this::commit);
    } else if (dice < 50) {
      commit();
    } else {
      heartbeat();
    }
  }

  private void die() {
    life++;
    id = "";
    stable = false;
    startAfter(random.nextInt(2 * SESSION_MS));
  }

  private void leave() {
    MemberIdentity identity =
        new MemberIdentity().setMemberId(id).setGroupInstanceId(instanceId).setReason("at random");
    world.<LeaveGroupResponseData>ask((shard, reply) -> shard.leave("g", List.of(identity), reply));
    die();
  }

  private void heartbeat() {
    HeartbeatRequestData request =
        new HeartbeatRequestData()
            .setGroupId("g")
            .setMemberId(id)
            .setGroupInstanceId(instanceId)
            .setGenerationId(generation);
    onAnswer(
        world.<HeartbeatResponseData>ask((shard, reply) -> shard.heartbeat(request, reply)),
        answer -> goOn(Errors.forCode(answer.errorCode())),
        this::live);
  }

  private void goOn(Errors error) {
    if (error == Errors.NONE) {
      later(200 + random.nextInt(400), this::live);
    } else {
      rejoinAfter(error);
    }
  }

  private void commit() {
    if (owned.isEmpty()) {
      heartbeat();
      return;
    }
    // Now and then a thread of the client comes late, with what it knew one generation ago.
    boolean late = !world.isCalm() && generation > 1 && random.nextInt(30) == 0;
    int as = late ? generation - 1 : generation;
    long offset = world.uniqueOffset(id + "@" + as);
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t");
    topic
        .partitions()
        .add(
            new OffsetCommitRequestPartition()
                .setPartitionIndex(owned.get(random.nextInt(owned.size())))
                .setCommittedOffset(offset));
    OffsetCommitRequestData request =
        new OffsetCommitRequestData()
            .setGroupId("g")
            .setMemberId(id)
            .setGroupInstanceId(instanceId)
            .setGenerationIdOrMemberEpoch(as)
            .setTopics(List.of(topic));
    onAnswer(
        world.<OffsetCommitResponseData>write(
            (shard, reply) -> shard.commit(NEWEST, request, reply)),
        answer -> {
          Errors error = Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
          if (error == Errors.NONE) {
            world.acknowledged(offset);
          }
          goOn(error);
        },
        this::live);
  }
}
