package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.ShardBench.Inbox;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What the groups of a broker may take in memory, and what happens at the limit. */
class GroupMemoryTest {
  private static final long ROOM_BYTES = 40_000;
  private static final short NEWEST = 10;

  private final AtomicInteger refusals = new AtomicInteger();
  private final ShardBench bench =
      new ShardBench(
          GroupSettings.DEFAULTS, new GroupMemory(ROOM_BYTES, refusals::incrementAndGet));

  private Errors commit(String group, int partition) {
    OffsetCommitRequestData request = GroupOffsetsFixture.request("", -1, 7);
    request.setGroupId(group);
    request.topics().get(0).partitions().get(0).setPartitionIndex(partition);
    return GroupOffsetsFixture.commit(bench, request, NEWEST);
  }

  private Inbox<JoinGroupResponseData> join(String group) {
    return bench.join(joinRequest("", null).setGroupId(group), 9);
  }

  private static Errors error(Inbox<JoinGroupResponseData> join) {
    return Errors.forCode(join.get().errorCode());
  }

  /** Commits for one group after the other until one is refused; returns how many there are. */
  private int fill() {
    int groups = 0;
    while (commit("filler-" + groups, 0) == Errors.NONE) {
      groups++;
    }
    return groups;
  }

  /** As {@link #fill}, with what is left for groups that are there. */
  private void fillUp() {
    fill();
    int partition = 1;
    while (commit("filler-0", partition) == Errors.NONE) {
      partition++;
    }
  }

  @Test
  void newGroupsAreRefusedWhenThereIsNoRoomForThem() {
    assertThat(fill()).isBetween(20, 60);

    assertThat(commit("another", 0)).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(error(join("another"))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(refusals).hasValue(3);
    assertThat(bench.memory().usedBytes()).isLessThanOrEqualTo(ROOM_BYTES);
  }

  @Test
  void groupsThatAreThereHaveRoomLeftForMembersAndOffsets() {
    fill();

    assertThat(commit("filler-0", 1)).isEqualTo(Errors.NONE);
    assertThat(error(join("filler-1"))).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    assertThat(refusals).hasValue(1);
  }

  @Test
  void groupsThatAreThereHaveALimitToo() {
    fillUp();

    assertThat(error(join("filler-1"))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(bench.memory().usedBytes()).isLessThanOrEqualTo(ROOM_BYTES);
  }

  @Test
  void whatIsKnownIsCommittedAnewWithoutRoom() {
    fillUp();

    assertThat(commit("filler-0", 0)).isEqualTo(Errors.NONE);
    assertThat(commit("filler-1", 0)).isEqualTo(Errors.NONE);
  }

  /** Ids that were given out while there was room do not make any. */
  @Test
  void aMemberIsRefusedWithTheIdThatItWasGivenWhenThereIsNoRoomAnyMore() {
    String given = bench.join("").get().memberId();
    fillUp();

    assertThat(error(bench.join(given))).isEqualTo(Errors.POLICY_VIOLATION);
  }

  @Test
  void aStaticMemberComesBackWithoutRoom() {
    bench.joinStatic("s");
    bench.pass(100);
    fillUp();

    assertThat(error(bench.joinStatic("s"))).isEqualTo(Errors.NONE);
    assertThat(error(bench.joinStatic("other"))).isEqualTo(Errors.POLICY_VIOLATION);
  }

  @Test
  void aMemberThatBringsMoreThanThereIsRoomForIsRefused() {
    JoinGroupRequestData large = joinRequest("", null);
    large.protocols().find("range").setMetadata(new byte[(int) ROOM_BYTES]);

    assertThat(error(bench.join(large, 9))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(bench.memory().usedBytes()).isZero();
  }

  @Test
  void aGroupThatIsDeletedGivesItsRoomBack() {
    int groups = fill();
    for (int i = 0; i < groups; i++) {
      String group = "filler-" + i;
      assertThat(bench.<Errors>ask(reply -> bench.shard().delete(group, reply)).get())
          .isEqualTo(Errors.NONE);
    }

    assertThat(bench.memory().usedBytes()).isZero();
    assertThat(fill()).isEqualTo(groups);
  }

  @Test
  void membersThatLeaveGiveTheirRoomBack() {
    commit("g", 0);
    long before = bench.memory().usedBytes();
    String loner = bench.stableLoner().memberId();
    String other = bench.join("").get().memberId();
    bench.join(other);
    bench.join(joinRequest(loner, null), 9);
    assertThat(bench.memory().usedBytes()).isGreaterThan(before + 1_000);

    bench.leave(loner, null);
    bench.leave(other, null);

    // What happened is remembered for whoever looks at the group.
    long remembered =
        bench.views.get(bench.views.size() - 1).rebalances().stream()
            .mapToLong(each -> Weights.rebalance(each.cause()))
            .sum();
    assertThat(bench.memory().usedBytes()).isEqualTo(before + remembered);
  }

  @Test
  void staticMembersThatComeBackTakeNoMoreRoom() {
    bench.joinStatic("s");
    bench.pass(100);
    long once = bench.memory().usedBytes();
    for (int i = 0; i < 10; i++) {
      bench.joinStatic("s");
    }

    assertThat(bench.memory().usedBytes()).isEqualTo(once);
  }

  @Test
  void anIdThatNobodyUsesLeavesNoGroup() {
    assertThat(error(bench.join(""))).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    assertThat(bench.memory().usedBytes()).isPositive();

    bench.pass(ShardBench.SESSION_MS);

    assertThat(bench.memory().usedBytes()).isZero();
    assertThat(bench.log).isEmpty();
  }

  @Test
  void aJoinThatIsRefusedLeavesNoGroup() {
    JoinGroupRequestData without = joinRequest("", null);
    without.protocols().clear();

    assertThat(error(bench.join(without, 9))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(bench.memory().usedBytes()).isZero();
    assertThat(bench.views).isEmpty();
  }

  @Test
  void whatIsStoredIsLoadedAndCountedWhateverTheLimit() {
    int groups = fill();
    long used = bench.memory().usedBytes();
    ShardBench smaller = new ShardBench(GroupSettings.DEFAULTS, new GroupMemory(1_000, () -> {}));
    smaller.log.addAll(bench.log);

    smaller.failOver();

    assertThat(smaller.memory().usedBytes()).isEqualTo(used);
    OffsetCommitRequestData again = GroupOffsetsFixture.request("", -1, 8);
    again.setGroupId("filler-" + (groups - 1));
    assertThat(GroupOffsetsFixture.commit(smaller, again, NEWEST)).isEqualTo(Errors.NONE);
  }

  /** A sum that is a little too large after each group would refuse all of them one day. */
  @Test
  void whateverHappensToGroupsAllTheirRoomIsGivenBack() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      ShardBench any =
          new ShardBench(GroupSettings.DEFAULTS, new GroupMemory(ROOM_BYTES, () -> {}));
      RandomGroups groups = new RandomGroups(any, random);
      for (int i = 0; i < 80; i++) {
        groups.step();
      }

      // Sessions end, then committed offsets.
      any.pass(GroupOffsetsFixture.RETENTION_MS + 2 * 3_600_000);

      assertThat(any.memory().usedBytes()).as("seed %d", seed).isZero();
    }
  }

  @Test
  void whatAClientSaysOfItsReasonIsCut() {
    String loner = bench.stableLoner().memberId();
    bench.join(joinRequest(loner, null).setReason("x".repeat(30_000)), 9);

    assertThat(bench.views.get(bench.views.size() - 1).rebalances())
        .allSatisfy(each -> assertThat(each.cause()).hasSizeLessThan(400));
  }
}
