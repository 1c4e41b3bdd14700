package io.millrace.coordinator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.SoftShare;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupView.MemberView;
import io.millrace.coordinator.group.GroupView.Rebalance;
import io.millrace.coordinator.remote.GroupAsk.Kind;
import io.millrace.coordinator.remote.GroupViewCodec.Shared;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.millrace.model.TopicPartition;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What brokers tell each other about groups. */
class GroupMessagesTest {
  private static final Caller CALLER =
      new Caller(
          new KafkaPrincipal("User", "ann"),
          "browser:tab-7",
          InetAddress.getLoopbackAddress(),
          "HTTP");

  private static GroupView view(String state, int generation) {
    MemberView member =
        new MemberView(
            "browser:tab-7-1",
            null,
            "browser:tab-7",
            "/127.0.0.1",
            2,
            List.of(new TopicPartition("orders", 3)));
    return new GroupView(
        "billing",
        state,
        "consumer",
        "range",
        generation,
        member.memberId(),
        List.of(member),
        null,
        List.of(new Rebalance(generation, 1, 1_000, 20, "member tab-7 joined")));
  }

  @Test
  void aRequestCarriesWhoAsksFromWhere() {
    HeartbeatRequestData beat =
        new HeartbeatRequestData().setGroupId("billing").setMemberId("m").setGenerationId(4);
    GroupAsk ask =
        new GroupAsk(CALLER, 2, Kind.HEARTBEAT, (short) 4, GroupAsk.bytes(beat, (short) 4));

    GroupAsk read = GroupAsk.decode(ask.encode());

    assertThat(read.caller()).isEqualTo(CALLER);
    assertThat(read.node()).isEqualTo(2);
    assertThat(read.kind()).isEqualTo(Kind.HEARTBEAT);
    assertThat(new HeartbeatRequestData(read.reader(), read.version())).isEqualTo(beat);
  }

  @Test
  void refusesRequestsOfAnotherFormAndThoseThatAreCutOff() {
    HeartbeatRequestData beat = new HeartbeatRequestData().setGroupId("billing");
    byte[] whole =
        new GroupAsk(CALLER, 2, Kind.HEARTBEAT, (short) 4, GroupAsk.bytes(beat, (short) 4))
            .encode();
    byte[] newer = whole.clone();
    newer[0] = 9;

    assertThatThrownBy(() -> GroupAsk.decode(newer)).hasMessageContaining("unknown form 9");
    assertThatThrownBy(() -> GroupAsk.decode(Arrays.copyOf(whole, 12)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aViewArrivesAsItLeft() {
    Shared shared = new Shared(1, view("Stable", 4));

    assertThat(GroupViewCodec.decode(GroupViewCodec.encode(shared))).isEqualTo(shared);
  }

  @Test
  void aViewOfANewerFormIsPassedOver() {
    assertThat(GroupViewCodec.decode(new byte[] {9, 1, 2})).isNull();
    assertThat(GroupViewCodec.decode(new byte[] {1, 0})).isNull();
  }

  /** What all brokers share, told at once. */
  private static final class Table implements SoftShare {
    private final Map<String, byte[]> values = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    @Override
    public boolean publish(String space, String key, byte[] value) {
      values.put(key, value);
      listeners.forEach(listener -> listener.changed(key, value));
      return true;
    }

    @Override
    public void remove(String space, String key) {
      values.remove(key);
      listeners.forEach(listener -> listener.changed(key, null));
    }

    @Override
    public void release(String space, String key) {}

    @Override
    public void follow(String space, @Nullable EventLoop loop, Listener listener) {
      listeners.add(listener);
      values.forEach(listener::changed);
    }
  }

  @Test
  void everyBrokerShowsTheGroupsOfAll() {
    Table table = new Table();
    LatestGroupViews one = new LatestGroupViews();
    LatestGroupViews two = new LatestGroupViews();
    SharedGroupViews coordinator = new SharedGroupViews(1, one, one, table);
    SharedGroupViews other = new SharedGroupViews(2, two, two, table);
    coordinator.begin(null);
    other.begin(null);

    coordinator.publish(view("Stable", 4));
    assertThat(two.of("billing")).isEqualTo(view("Stable", 4));
    coordinator.moved("billing");
    assertThat(two.of("billing")).as("seen as it was until it is loaded").isNotNull();
    other.publish(view("PreparingRebalance", 4));
    assertThat(one.of("billing")).isEqualTo(view("PreparingRebalance", 4));
    other.withdraw("billing");

    assertThat(one.all()).isEmpty();
    assertThat(two.all()).isEmpty();
  }
}
