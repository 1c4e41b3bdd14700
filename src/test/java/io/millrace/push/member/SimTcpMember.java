package io.millrace.push.member;

import io.millrace.coordinator.group.GroupCall;
import io.millrace.model.TopicPartition;
import io.millrace.push.member.MemberWorld.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A consumer over TCP that gives everything up before it joins again, as Java's does by default and
 * librdkafka's. Confined to: the test's thread.
 */
final class SimTcpMember {
  private static final MemberOptions OPTIONS =
      new MemberOptions(MemberWorld.GROUP, null, List.of("a", "b"), SimBrowser.TIMES);

  private final MemberWorld world;
  private final Random random;
  private final String name;
  private final Set<String> strategies;
  private final Assignors assignors;

  private Membership membership = new Membership(OPTIONS);
  private final TreeMap<TopicPartition, Long> positions = new TreeMap<>(Holdings.ORDER);

  /** What was asked in an earlier life is not listened to. */
  private int life;

  private long heardMs;
  private final Line line = new Line();

  SimTcpMember(MemberWorld world, String name, Set<String> strategies) {
    this.world = world;
    this.random = world.random;
    this.name = name;
    this.strategies = strategies;
    this.assignors = new Assignors(world::partitions);
  }

  Set<TopicPartition> delivering() {
    return positions.keySet();
  }

  void startAfter(long ms) {
    later(ms, this::join);
  }

  private void later(long ms, Runnable step) {
    int mine = life;
    world.sim.at(
        ms,
        () -> {
          if (mine == life) {
            step.run();
          }
        });
  }

  private void join() {
    positions.clear();
    life++;
    JoinGroupRequestProtocolCollection protocols =
        assignors.protocols(OPTIONS.topics(), List.of(), -1);
    protocols.removeIf(protocol -> !strategies.contains(protocol.name()));
    var request = membership.join(protocols, "");
    int mine = life;
    world.ask(
        line,
        (shard, reply) -> shard.join(new GroupCall(name, "/h", (short) 9), request, reply),
        new JoinGroupResponseData().setErrorCode(MemberWorld.unavailable()).setProtocolName(""),
        answer -> {
          if (mine == life) {
            joined(answer);
          }
        });
    later(12_000, this::join);
  }

  private void joined(JoinGroupResponseData answer) {
    switch (Errors.forCode(answer.errorCode())) {
      case NONE -> {
        membership.joined(answer);
        sync(answer);
      }
      case MEMBER_ID_REQUIRED -> {
        membership.giveId(answer.memberId());
        join();
      }
      case UNKNOWN_MEMBER_ID -> startAnew();
      default -> later(100, this::join);
    }
  }

  private void startAnew() {
    positions.clear();
    membership = new Membership(OPTIONS);
    life++;
    startAfter(random.nextInt(300));
  }

  private void sync(JoinGroupResponseData joined) {
    List<SyncGroupRequestAssignment> shares =
        membership.leads() ? assignors.shareOut(joined) : List.of();
    var request = membership.sync(shares);
    int mine = life;
    world.ask(
        line,
        (shard, reply) -> shard.sync(request, reply),
        new SyncGroupResponseData().setErrorCode(MemberWorld.unavailable()),
        answer -> {
          if (mine == life) {
            synced(answer);
          }
        });
  }

  private void synced(SyncGroupResponseData answer) {
    switch (Errors.forCode(answer.errorCode())) {
      case NONE -> {
        life++;
        heardMs = world.nowMs();
        fetch(
            assignors.assigned(membership.protocol(), answer.assignment(), membership.metadata()));
        later(500, this::heartbeat);
      }
      case UNKNOWN_MEMBER_ID -> startAnew();
      default -> later(50, this::join);
    }
  }

  private void fetch(Set<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      later(20, this::poll);
      return;
    }
    int mine = life;
    later(
        3_000,
        () -> {
          if (positions.isEmpty()) {
            fetch(partitions);
          }
        });
    world.<OffsetFetchResponseGroup>ask(
        line,
        (shard, reply) -> shard.fetch(membership.fetch(partitions).groups().get(0), true, reply),
        new OffsetFetchResponseGroup().setErrorCode(MemberWorld.unavailable()),
        answer -> {
          if (mine == life && positions.isEmpty()) {
            fetched(answer);
          }
        });
  }

  private void fetched(OffsetFetchResponseGroup answer) {
    if (answer.errorCode() != Errors.NONE.code()) {
      later(50, this::join);
      return;
    }
    answer
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        p ->
                            positions.put(
                                new TopicPartition(topic.name(), p.partitionIndex()),
                                Math.max(0, p.committedOffset()))));
    later(20, this::poll);
  }

  private void heartbeat() {
    if (membership.leads() && assignors.areTopicsChanged()) {
      join();
      return;
    }
    int mine = life;
    world.ask(
        line,
        (shard, reply) -> shard.heartbeat(membership.heartbeat(), reply),
        new HeartbeatResponseData().setErrorCode(MemberWorld.unavailable()),
        answer -> {
          if (mine == life) {
            heartbeatAnswered(Errors.forCode(answer.errorCode()));
          }
        });
    later(500, this::heartbeat);
  }

  private void heartbeatAnswered(Errors error) {
    switch (error) {
      case NONE -> heardMs = world.nowMs();
      case UNKNOWN_MEMBER_ID -> startAnew();
      case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> join();
      default -> {}
    }
  }

  private void poll() {
    int dice = random.nextInt(1_000);
    if (!world.calm && dice < 3) {
      leave();
      return;
    }
    if (!world.calm && dice < 5) {
      startAnew();
      return;
    }
    boolean heard = world.nowMs() - heardMs < SimBrowser.TIMES.sessionMs() / 2;
    if (heard && !positions.isEmpty()) {
      List<TopicPartition> all = new ArrayList<>(positions.keySet());
      TopicPartition partition = all.get(random.nextInt(all.size()));
      long offset = positions.get(partition);
      world.delivered(name, partition, offset, membership.generation(), false);
      positions.put(partition, offset + 1);
      if (random.nextInt(5) == 0) {
        commit(partition, offset + 1);
      }
    }
    later(20, this::poll);
  }

  private void commit(TopicPartition partition, long offset) {
    OffsetCommitRequestPartition stored =
        new OffsetCommitRequestPartition()
            .setPartitionIndex(partition.partition())
            .setCommittedOffset(offset);
    var request = membership.commit(Map.of(partition, stored));
    world.ask(
        line,
        (shard, reply) -> shard.commit((short) 9, request, reply),
        new OffsetCommitResponseData(),
        answer -> {});
  }

  private void leave() {
    MemberIdentity identity = membership.leave("").members().get(0);
    world.<LeaveGroupResponseData>ask(
        line,
        (shard, reply) -> shard.leave(MemberWorld.GROUP, List.of(identity), reply),
        new LeaveGroupResponseData(),
        answer -> {});
    positions.clear();
    membership = new Membership(OPTIONS);
    life++;
    startAfter(random.nextInt(3_000));
  }
}
