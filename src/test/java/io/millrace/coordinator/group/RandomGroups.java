package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.joinRequest;

import io.millrace.coordinator.group.ShardBench.Inbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Members that join, come back, take assignments, commit and leave without any plan, and a
 * coordinator that dies now and then. Confined to: the test's thread.
 */
final class RandomGroups {
  private static final short NEWEST = 10;

  private final ShardBench bench;
  private final Random random;
  private final List<Inbox<JoinGroupResponseData>> joins = new ArrayList<>();

  RandomGroups(ShardBench bench, Random random) {
    this.bench = bench;
    this.random = random;
  }

  /** Something happens. */
  void step() {
    switch (random.nextInt(9)) {
      case 0, 1 -> join("", random.nextBoolean() ? null : "s-" + random.nextInt(3));
      case 2, 3 -> joinAgain();
      case 4 -> sync();
      case 5 -> commit();
      case 6 -> leave();
      case 7 -> bench.pass(random.nextInt(20_000));
      default -> lose();
    }
  }

  private String group() {
    return "g-" + random.nextInt(4);
  }

  private void join(String memberId, @Nullable String instanceId) {
    JoinGroupRequestData request = joinRequest(memberId, instanceId).setGroupId(group());
    request.protocols().find("range").setMetadata(new byte[random.nextInt(3) * 20]);
    joins.add(bench.join(request, 3 + random.nextInt(7)));
  }

  private @Nullable JoinGroupResponseData answered() {
    List<Inbox<JoinGroupResponseData>> answered = joins.stream().filter(Inbox::isAnswered).toList();
    return answered.isEmpty() ? null : answered.get(random.nextInt(answered.size())).get();
  }

  private void joinAgain() {
    JoinGroupResponseData known = answered();
    if (known != null) {
      join(known.memberId(), null);
    }
  }

  private void sync() {
    JoinGroupResponseData known = answered();
    if (known == null) {
      return;
    }
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group())
            .setMemberId(known.memberId())
            .setGenerationId(known.generationId())
            .setProtocolType("consumer")
            .setProtocolName("range");
    known
        .members()
        .forEach(
            member ->
                request
                    .assignments()
                    .add(
                        new SyncGroupRequestAssignment()
                            .setMemberId(member.memberId())
                            .setAssignment(new byte[random.nextInt(50)])));
    Inbox<SyncGroupResponseData> unused = bench.ask(reply -> bench.shard().sync(request, reply));
  }

  private void commit() {
    OffsetCommitRequestData request = GroupOffsetsFixture.request("", -1, random.nextInt(100));
    request.setGroupId(group());
    request
        .topics()
        .get(0)
        .partitions()
        .get(0)
        .setPartitionIndex(random.nextInt(3))
        .setCommittedMetadata("x".repeat(random.nextInt(30)));
    GroupOffsetsFixture.commit(bench, request, NEWEST);
  }

  private void leave() {
    JoinGroupResponseData known = answered();
    if (known != null) {
      MemberIdentity leaving = new MemberIdentity().setMemberId(known.memberId());
      Inbox<LeaveGroupResponseData> unused =
          bench.ask(reply -> bench.shard().leave(group(), List.of(leaving), reply));
    }
  }

  private void lose() {
    if (random.nextInt(4) == 0) {
      joins.clear();
      bench.failOver();
    } else {
      String group = group();
      Inbox<Errors> unused = bench.ask(reply -> bench.shard().delete(group, reply));
    }
  }
}
