package io.millrace.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.junit.jupiter.api.Test;

/** What others see of a group (also after a fail-over). */
class GroupViewTest {
  private final ShardBench bench = new ShardBench();

  private GroupView view() {
    return bench.views.get(bench.views.size() - 1);
  }

  @Test
  void showsAStableGroup() {
    String id = bench.stableLoner().memberId();

    assertThat(view().state()).isEqualTo("Stable");
    assertThat(view().generation()).isEqualTo(1);
    assertThat(view().leader()).isEqualTo(id);
    assertThat(view().protocol()).isEqualTo("range");
    assertThat(view().rebalancing()).isNull();
    assertThat(view().members())
        .singleElement()
        .satisfies(
            member -> {
              assertThat(member.clientId()).isEqualTo("client");
              assertThat(member.host()).isEqualTo("/127.0.0.1");
            });
  }

  @Test
  void tellsWhyAndHowLongTheGroupRebalanced() {
    String id = bench.stableLoner().memberId();

    assertThat(view().rebalances())
        .singleElement()
        .satisfies(
            rebalance -> {
              assertThat(rebalance.generation()).isEqualTo(1);
              assertThat(rebalance.cause()).isEqualTo("member " + id + " joined");
              assertThat(rebalance.durationMs()).isBetween(30L, 100L);
            });
  }

  @Test
  void tellsTheReasonThatALeavingMemberGave() {
    String id = bench.stableLoner().memberId();
    bench.joinNew();
    bench.join(id);
    bench.sync(id, 2, id);
    MemberIdentity identity = new MemberIdentity().setMemberId(id).setReason("closed its socket");

    bench.<LeaveGroupResponseData>ask(r -> bench.shard().leave("g", List.of(identity), r));

    assertThat(view().rebalancing()).isEqualTo("member " + id + " left: closed its socket");
  }

  @Test
  void tellsThatAMemberWasNotHeardOf() {
    String id = bench.stableLoner().memberId();

    bench.pass(ShardBench.SESSION_MS + 1);

    assertThat(view().state()).isEqualTo("Empty");
    assertThat(view().rebalances().get(1).cause())
        .isEqualTo("member " + id + " was not heard of for 10000 ms");
  }

  @Test
  void isWithdrawnWithTheGroup() {
    String id = bench.stableLoner().memberId();
    bench.leave(id, null);

    bench.<org.apache.kafka.common.protocol.Errors>ask(r -> bench.shard().delete("g", r));

    assertThat(bench.views).isEmpty();
  }

  @Test
  void isShownByTheNextCoordinatorWithTheSameGeneration() {
    String id = bench.stableLoner().memberId();
    bench.views.clear();

    bench.failOver();

    assertThat(view().generation()).isEqualTo(1);
    assertThat(view().members()).hasSize(1);
    assertThat(bench.heartbeat(id, 1).get().errorCode()).isZero();
  }

  @Test
  void sessionsStartAnewWithTheNextCoordinator() {
    String id = bench.stableLoner().memberId();
    bench.pass(ShardBench.SESSION_MS - 1);

    bench.failOver();
    bench.pass(ShardBench.SESSION_MS - 1);

    assertThat(bench.heartbeat(id, 1).get().errorCode()).isZero();
  }
}
