package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.compat.client.Message;
import io.millrace.compat.client.Operator;
import io.millrace.compat.client.Sender;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Groups of the oldest and the newest tested version of the Java library: members join, leave and
 * die. {@link MoreJavaGroupsTest} takes those between.
 */
@Tag("it")
@ParameterizedClass
@EnumSource(
    value = ClientVersion.class,
    names = {"V2_5_0", "V4_4_0"})
class JavaGroupTest {
  private static final int PARTITIONS = 6;

  private final BrokerProcess broker = SharedBroker.get();
  private final ClientVersion version;
  private final String topic;
  private final String group;

  JavaGroupTest(ClientVersion version) {
    this.version = version;
    this.topic = SharedBroker.unique("group-" + version);
    this.group = topic;
    try (Operator operator = version.clients().operator(broker.bootstrap())) {
      operator.createTopic(topic, PARTITIONS, Map.of());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RangeAssignor",
        "RoundRobinAssignor",
        "StickyAssignor",
        "CooperativeStickyAssignor"
      })
  void sharesPartitionsAsMembersJoinLeaveAndDie(String assignor) {
    Map<String, Object> settings =
        Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer." + assignor);
    send(0, 60);
    try (Member first = join(broker.bootstrap(), "first", settings)) {
      awaitShares(first);
      Member second = join(broker.bootstrap(), "second", settings);
      awaitShares(first, second);
      String mortal = SharedBroker.unique("mortal");
      Member third = join(broker.proxied(), mortal, settings);
      awaitShares(first, second, third);
      try (Operator operator = version.clients().operator(broker.bootstrap())) {
        assertThat(operator.members(group).keySet()).isEqualTo(Set.of("first", "second", mortal));
      }

      second.close();
      awaitShares(first, third);
      broker.proxy().bar(mortal);
      awaitShares(first);
      third.abandon();

      send(60, 120);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(valuesOf(first, second, third))
                      .isEqualTo(
                          IntStream.range(0, 120)
                              .mapToObj(i -> "v" + i)
                              .collect(Collectors.toSet())));
    }
  }

  @Test
  void keepsPartitionsOfStaticMemberThatReturns() {
    Member anchor = join(broker.bootstrap(), "anchor", Map.of());
    Map<String, Object> fixed = Map.of("group.instance.id", "fixed", "session.timeout.ms", 20_000);
    Member before = join(broker.bootstrap(), "before", fixed);
    awaitShares(anchor, before);
    Set<TopicPartition> held = before.assignment();

    before.close();
    try (Member after = join(broker.bootstrap(), "after", fixed)) {
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(after.assignment()).isEqualTo(held));
      assertThat(anchor.assignment()).hasSize(PARTITIONS - held.size());
    } finally {
      anchor.close();
    }
  }

  private Member join(String bootstrap, String clientId, Map<String, Object> settings) {
    return Member.join(version.clients(), bootstrap, group, topic, clientId, settings);
  }

  /** Waits until the members hold all partitions, in equal shares, each partition once. */
  private static void awaitShares(Member... members) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              List<Set<TopicPartition>> shares =
                  Arrays.stream(members).map(Member::assignment).toList();
              assertThat(shares)
                  .allSatisfy(share -> assertThat(share).hasSize(PARTITIONS / members.length));
              Set<TopicPartition> all = new HashSet<>();
              shares.forEach(all::addAll);
              assertThat(all).hasSize(PARTITIONS);
            });
  }

  private void send(int from, int to) {
    try (Sender sender =
        version.clients().sender(Map.of("bootstrap.servers", broker.bootstrap()))) {
      for (int i = from; i < to; i++) {
        sender.send(Message.to(topic, i % PARTITIONS, null, "v" + i));
      }
    }
  }

  private static Set<String> valuesOf(Member... members) {
    return Arrays.stream(members)
        .flatMap(member -> member.received().stream())
        .map(Message::value)
        .collect(Collectors.toSet());
  }
}
