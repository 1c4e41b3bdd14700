package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of brokers that come and go, trusted or not, of ISRs that shrink and grow, of
 * elections and reassignments. A model says which replicas hold all that was acknowledged; whoever
 * is elected cleanly must be one of them. {@code -Dcontroller.histories=N} runs N more.
 */
class ControllerHistoryTest {
  private static final int BROKERS = 5;
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void neverElectsCleanlyWhoMayLackAcknowledgedRecords(int minInsync) {
    int histories = Integer.getInteger("controller.histories", 60);
    for (int seed = 0; seed < histories; seed++) {
      new History(minInsync * 1_000_000L + seed, minInsync).run();
    }
  }

  private static final class History {
    private final long seed;
    private final Random random;
    private final Controller controller;
    private final ReplicaReports reports;
    private long nowMs;
    private ClusterImage image = Images.of(BROKERS);
    private long incarnations = 100;

    /** What each folder remembers of its registration. */
    private final Map<Integer, Long> remembered = new HashMap<>();

    private final Set<Integer> running = new TreeSet<>();

    /** Replicas that hold all that was acknowledged, by number of the partition. */
    private final Map<Integer, Set<Integer>> holders = new HashMap<>();

    private final Map<List<Integer>, Integer> leaders = new HashMap<>();
    private final int minInsync;

    History(long seed, int minInsync) {
      this.seed = seed;
      this.random = new Random(seed);
      this.minInsync = minInsync;
      Map<String, String> config = Map.of("min.insync.replicas", "" + minInsync);
      this.controller = Images.controller(config);
      this.reports =
          new ReplicaReports(
              new io.millrace.metadata.EffectiveConfigs(
                  io.millrace.config.BrokerConfig.of(config), 0));
      for (int id = 0; id < BROKERS; id++) {
        running.add(id);
        remembered.put(id, image.broker(id).epoch());
      }
      image =
          Images.after(
              image,
              controller.createTopics(image, Images.creation(Images.topic("t", 4, 3))).facts());
      for (int number = 0; number < 4; number++) {
        holders.put(number, new HashSet<>(partition(number).isr()));
        leaders.put(List.of(number, 0), partition(number).leader());
      }
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        try {
          step();
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
      }
    }

    private TopicImage topic() {
      return image.topic("t");
    }

    private PartitionImage partition(int number) {
      return topic().partition(number);
    }

    private void step() {
      int broker = random.nextInt(BROKERS);
      switch (random.nextInt(11)) {
        case 0 -> die(broker);
        case 1, 2 -> start(broker);
        case 3 -> shutDown(broker);
        case 4, 5 -> alterIsr(random.nextInt(4));
        case 6 -> reassign(random.nextInt(4));
        case 7 -> elect();
        case 8 -> report();
        case 9 -> unregister(broker);
        default -> commit();
      }
      apply(controller.electLeaderless(image), false);
      check();
    }

    private void die(int broker) {
      BrokerImage known = image.broker(broker);
      running.remove(broker);
      if (known != null && !known.fenced()) {
        apply(controller.fence(image, known), false);
      }
    }

    private void start(int broker) {
      if (running.contains(broker)) {
        return;
      }
      boolean clean = random.nextInt(3) > 0;
      if (!clean) {
        holders.values().forEach(each -> each.remove(broker));
      }
      Decision<org.apache.kafka.common.message.BrokerRegistrationResponseData> decision =
          controller.registerBroker(
              image,
              Controller.registration(
                  "cluster",
                  new BrokerAdmission.Applicant(
                      broker,
                      new Uuid(7, incarnations++),
                      List.of(),
                      null,
                      clean,
                      remembered.getOrDefault(broker, -1L),
                      new Uuid(2, broker),
                      "1")),
              false);
      assertThat(decision.reply().errorCode()).isZero();
      apply(decision.facts(), false);
      remembered.put(broker, decision.reply().brokerEpoch());
      running.add(broker);
      apply(controller.heartbeat(image, beat(broker, false), true, true).facts(), false);
    }

    private BrokerHeartbeatRequestData beat(int broker, boolean wantShutDown) {
      return new BrokerHeartbeatRequestData()
          .setBrokerId(broker)
          .setBrokerEpoch(remembered.get(broker))
          .setWantFence(false)
          .setWantShutDown(wantShutDown);
    }

    private void shutDown(int broker) {
      if (running.contains(broker)) {
        apply(controller.heartbeat(image, beat(broker, true), true, true).facts(), false);
        var last = controller.heartbeat(image, beat(broker, true), true, true);
        assertThat(last.reply().shouldShutDown()).isTrue();
        apply(last.facts(), false);
        running.remove(broker);
      }
    }

    /** The leader takes up or drops a follower; who is taken up has caught up. */
    private void alterIsr(int number) {
      PartitionImage now = partition(number);
      if (!now.hasLeader()) {
        return;
      }
      List<Integer> isr = new ArrayList<>(now.isr());
      int other = now.replicas().get(random.nextInt(now.replicas().size()));
      if (other == now.leader()) {
        return;
      }
      if (!isr.remove((Integer) other)) {
        isr.add(other);
      }
      AlterPartitionRequestData request = new AlterPartitionRequestData();
      request.setBrokerId(now.leader()).setBrokerEpoch(image.broker(now.leader()).epoch());
      AlterPartitionRequestData.PartitionData wish =
          new AlterPartitionRequestData.PartitionData()
              .setPartitionIndex(number)
              .setLeaderEpoch(now.leaderEpoch())
              .setPartitionEpoch(now.partitionEpoch());
      for (int id : isr) {
        long epoch = image.broker(id) == null ? 0 : image.broker(id).epoch();
        wish.newIsrWithEpochs()
            .add(new AlterPartitionRequestData.BrokerState().setBrokerId(id).setBrokerEpoch(epoch));
      }
      request
          .topics()
          .add(
              new AlterPartitionRequestData.TopicData()
                  .setTopicId(topic().id())
                  .setPartitions(List.of(wish)));
      List<Fact> facts = controller.alterPartition(image, request).facts();
      if (!facts.isEmpty() && isr.contains(other)) {
        holders.get(number).add(other);
      }
      apply(facts, false);
    }

    private void reassign(int number) {
      List<Integer> target = new ArrayList<>();
      while (target.size() < 1 + random.nextInt(3)) {
        int id = random.nextInt(BROKERS);
        if (!target.contains(id)) {
          target.add(id);
        }
      }
      ReassignablePartition wish = new ReassignablePartition().setPartitionIndex(number);
      wish.setReplicas(random.nextInt(4) == 0 ? null : target);
      AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData();
      request.topics().add(new ReassignableTopic().setName("t").setPartitions(List.of(wish)));
      apply(controller.alterReassignments(image, request).facts(), false);
    }

    private void elect() {
      apply(
          controller
              .electLeaders(
                  image,
                  new ElectLeadersRequestData().setElectionType((byte) 0).setTopicPartitions(null))
              .facts(),
          false);
    }

    private void report() {
      for (int number = 0; number < 4; number++) {
        for (int broker : running) {
          reports.add(
              image,
              topic().id(),
              number,
              broker,
              new ReplicaReports.Report(
                  image.broker(broker).epoch(), 0, holders.get(number).contains(broker) ? 9 : 5));
        }
      }
      nowMs += random.nextInt(5_000);
      apply(reports.elect(image, nowMs), true);
    }

    private void unregister(int broker) {
      if (random.nextInt(8) == 0) {
        apply(
            controller
                .unregisterBroker(image, new UnregisterBrokerRequestData().setBrokerId(broker))
                .facts(),
            false);
      }
    }

    /** Producers get records acknowledged wherever the ISR suffices. */
    private void commit() {
      for (int number = 0; number < 4; number++) {
        PartitionImage now = partition(number);
        int needed = Math.min(minInsync, now.replicas().size());
        if (now.hasLeader() && now.isr().size() >= needed) {
          holders.put(number, new HashSet<>(now.isr()));
        }
      }
    }

    private void apply(List<Fact> facts, boolean lastResort) {
      for (Fact fact : facts) {
        if (fact instanceof PartitionChanged changed) {
          judge(partition(changed.number()), changed, lastResort);
        }
        image = image.apply(fact);
      }
    }

    private void judge(PartitionImage before, PartitionChanged changed, boolean lastResort) {
      PartitionImage next = changed.next();
      assertThat(next.replicas()).containsAll(next.isr()).containsAll(next.adding());
      assertThat(next.replicas()).containsAll(next.removing()).doesNotHaveDuplicates();
      assertThat(next.isr()).noneMatch(next.eligible()::contains);
      if (next.leader() != before.leader()) {
        assertThat(next.leaderEpoch()).isGreaterThan(before.leaderEpoch());
      }
      if (next.hasLeader()) {
        assertThat(next.isr()).contains(next.leader());
        assertThat(image.mayLead(next.leader())).isTrue();
        Integer other =
            leaders.putIfAbsent(List.of(changed.number(), next.leaderEpoch()), next.leader());
        assertThat(other == null || other == next.leader()).isTrue();
      }
      boolean nobodyTrusted =
          before.isr().isEmpty() && before.eligible().isEmpty() && next.hasLeader();
      if (nobodyTrusted || lastResort) {
        holders.put(changed.number(), new HashSet<>(next.isr()));
        assertThat(lastResort ? before.replicas() : before.lastIsr()).contains(next.leader());
      } else if (next.hasLeader()) {
        assertThat(holders.get(changed.number())).contains(next.leader());
        assertThat(holders.get(changed.number())).containsAll(next.isr());
      }
      assertThat(holders.get(changed.number())).containsAll(next.eligible());
    }

    private void check() {
      for (PartitionImage partition : topic().partitions()) {
        if (partition.hasLeader()) {
          assertThat(image.mayLead(partition.leader())).isTrue();
          assertThat(partition.isr()).contains(partition.leader());
        }
        assertThat(
                partition.isr().isEmpty()
                    && partition.lastIsr().isEmpty()
                    && partition.eligible().isEmpty())
            .isFalse();
      }
    }
  }
}
