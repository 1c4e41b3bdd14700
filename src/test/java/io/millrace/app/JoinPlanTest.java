package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.founding.Place;
import io.millrace.config.BrokerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JoinPlanTest {
  /** A machine with the names localhost, me and 10.0.0.1. */
  private static final Machine MACHINE =
      new Machine() {
        @Override
        public boolean owns(String host) {
          return isLoopback(host) || host.equals("me") || host.equals("10.0.0.1");
        }

        @Override
        public boolean isLoopback(String host) {
          return host.equals("localhost") || host.equals("127.0.0.1");
        }

        @Override
        public Optional<String> addressTowards(String host) {
          return host.equals("nowhere") ? Optional.empty() : Optional.of("10.0.0.1");
        }

        @Override
        public List<String> names() {
          return List.of("me");
        }
      };

  private static JoinPlan plan(String... written) {
    Map<String, String> keys = new TreeMap<>();
    for (int i = 0; i < written.length; i += 2) {
      keys.put(written[i], written[i + 1]);
    }
    return JoinPlan.of(BrokerConfig.of(keys), MACHINE);
  }

  @Test
  void looksForNobodyWithoutAKeyThatSaysWhere() {
    assertThat(plan().looks()).isFalse();
    assertThat(plan("zookeeper.connect", "").looks()).isFalse();
  }

  @Test
  void probesEverySlotOfAHostWithoutAPort() {
    JoinPlan plan = plan("cluster.join", "one,[::1],two:17092");

    assertThat(plan.places())
        .hasSize(33)
        .startsWith(new Place("one", 17_092), new Place("one", 17_096))
        .contains(new Place("::1", 17_152))
        .endsWith(new Place("two", 17_092));
  }

  @Test
  void anAddressWithSeveralColonsIsOneOfIpv6WithoutAPort() {
    assertThat(plan("cluster.join", "fd00::1:2").places())
        .hasSize(JoinPlan.SLOTS)
        .allMatch(place -> place.host().equals("fd00::1:2"));
    assertThat(plan("cluster.join", "[fd00::1]:17096").places())
        .containsExactly(new Place("fd00::1", 17_096));
  }

  @Test
  void takesTheHostsOfZooKeeperAndNotItsPorts() {
    JoinPlan plan = plan("zookeeper.connect", "localhost:2181,me:2182/kafka");

    assertThat(plan.places()).hasSize(32).contains(new Place("me", 17_092));
    assertThat(plan.name()).isEqualTo("localhost:2181,me:2182/kafka");
  }

  @Test
  void brokersWhoseFilesNameTheSameHostsInAnotherOrderMeet() {
    assertThat(plan("zookeeper.connect", "me:2,localhost:1/x").name())
        .isEqualTo(plan("zookeeper.connect", "localhost:1, me:2/x").name())
        .isNotEqualTo(plan("zookeeper.connect", "localhost:1, me:2/y").name());
  }

  @Test
  void aNameThatIsWrittenGoesFirst() {
    assertThat(plan("zookeeper.connect", "localhost:2181", "cluster.name", "mine").name())
        .isEqualTo("mine");
    assertThat(plan("cluster.join", "one", "zookeeper.connect", "localhost:2181").name())
        .isEqualTo("millrace");
  }

  @Test
  void stopsWhenZooKeeperIsOnSeveralOtherMachines() {
    assertThatThrownBy(() -> plan("zookeeper.connect", "zk1:2181,zk2:2181,zk3:2181"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("name the brokers in cluster.join");
  }

  @Test
  void servesAloneWhenZooKeeperIsOnOneOtherMachine() {
    assertThat(plan("zookeeper.connect", "zk1:2181").looks()).isFalse();
  }

  @Test
  void isReachedByLoopbackOnlyWhenNobodyElseIsNamed() {
    assertThat(plan("zookeeper.connect", "localhost:2181").host()).isEqualTo("127.0.0.1");
    assertThat(plan("cluster.join", "localhost,other").host()).isEqualTo("10.0.0.1");
    assertThat(plan("cluster.join", "nowhere").host()).isEqualTo("127.0.0.1");
    assertThat(plan("cluster.join", "other", "cluster.host", "10.9.9.9").host())
        .isEqualTo("10.9.9.9");
  }

  @Test
  void refusesWhatIsNoAddress() {
    for (String wrong : new String[] {"one:x", "one:0", "one:70000", ":17092"}) {
      assertThatThrownBy(() -> plan("cluster.join", wrong))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("cluster.join has '" + wrong + "'");
    }
  }
}
