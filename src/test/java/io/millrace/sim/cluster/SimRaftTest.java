package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.MetadataLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What appliers see of the simulated metadata log. */
class SimRaftTest {
  private static final List<String> HOSTS = List.of("b0", "b1", "b2");

  private SimScheduler sim;
  private SimNetwork network;
  private SimRaft raft;
  private final List<Broker> brokers = new ArrayList<>();
  private final Map<Long, ClusterImage> imageAt = new HashMap<>();
  private final Map<Long, Integer> leaderOf = new HashMap<>();
  private int refused;
  private int installed;
  private int nextValue;

  /** A broker that decides nothing but numbers. */
  private final class Broker implements MetadataLog.Applier {
    private final int id;
    private SimScheduler.Process process;
    private EventLoop control;
    private SimMetadataLog log;
    private ClusterImage image = ClusterImage.EMPTY;
    private ClusterImage speculative = ClusterImage.EMPTY;
    private long term = -1;
    private boolean restored;

    Broker(int id) {
      this.id = id;
      start();
    }

    private void start() {
      process = sim.process("b" + id);
      control = process.loop("control");
      log = raft.open(id, HOSTS.get(id), process, control);
      term = -1;
      restored = false;
      control.execute(() -> log.open(this));
    }

    private void decide() {
      control.execute(
          () -> {
            if (term >= 0) {
              String value = "v" + nextValue++;
              MetadataEntry entry =
                  new MetadataEntry(
                      term,
                      speculative.term() == term ? speculative.nextSequence() : 0,
                      List.of(
                          new ConfigChanged(
                              ConfigScope.DEFAULT_BROKER, Map.of(value, value), Set.of())));
              speculative = speculative.apply(term, entry, new ClusterChange.Touched());
              log.submit(entry);
            }
          });
    }

    @Override
    public void restored(ClusterImage snapshot) {
      assertThat(control.isOwner()).isTrue();
      assertThat(snapshot.index()).isGreaterThanOrEqualTo(restored ? image.index() : 0);
      installed += restored ? 1 : 0;
      restored = true;
      image = snapshot;
    }

    @Override
    public void committed(long logTerm, MetadataEntry entry) {
      assertThat(control.isOwner()).isTrue();
      try {
        image = image.apply(logTerm, entry, new ClusterChange.Touched());
      } catch (FactRefusedException e) {
        refused++;
        image = image.skip();
        speculative = image;
      }
      ClusterImage other = imageAt.putIfAbsent(image.index(), image);
      assertThat(other == null || other.equals(image))
          .as("the image at %d is the same everywhere", image.index())
          .isTrue();
    }

    @Override
    public void leading(long newTerm) {
      assertThat(newTerm).isGreaterThan(image.term());
      Integer other = leaderOf.putIfAbsent(newTerm, id);
      assertThat(other).as("leader of term %d", newTerm).isNull();
      term = newTerm;
      speculative = image;
    }

    @Override
    public void following() {
      term = -1;
    }

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public ClusterImage image() {
      return image;
    }
  }

  private void begin(long seed) {
    sim = new SimScheduler(seed);
    network = new SimNetwork(sim);
    raft = new SimRaft(sim, network);
    brokers.clear();
    imageAt.clear();
    leaderOf.clear();
    brokers.add(new Broker(0));
    sim.runUntil(() -> leader() != null, 5_000);
    brokers.add(new Broker(1));
    brokers.add(new Broker(2));
    sim.runUntil(() -> raft.voters().size() == 3, 10_000);
  }

  private @Nullable Broker leader() {
    return brokers.stream()
        .filter(b -> b.term >= 0 && b.process.isRunning() && b.id == raft.leaderId())
        .findFirst()
        .orElse(null);
  }

  @Test
  void brokerThatIsAloneDecidesAtOnce() {
    sim = new SimScheduler(3);
    network = new SimNetwork(sim);
    raft = new SimRaft(sim, network);
    Broker broker = new Broker(0);
    sim.runUntil(() -> broker.term >= 0, 1_000);
    broker.decide();
    sim.runUntil(() -> broker.image.configs(ConfigScope.DEFAULT_BROKER).size() == 1, 1_000);
  }

  @Test
  void minorityCommitsNothingAndIsTold() {
    begin(1);
    Broker old = leader();
    network.isolate(HOSTS.get(old.id), HOSTS);
    long committed = old.image.index();
    old.decide();
    sim.runUntil(() -> old.term < 0, 10_000);
    assertThat(old.image.index()).isEqualTo(committed);
    sim.runUntil(() -> leader() != null, 10_000);
    leader().decide();
    network.healAll();
    sim.runUntil(() -> brokers.stream().allMatch(b -> b.image.index() == committed + 1), 10_000);
  }

  @Test
  void nextLeaderIsElectedAtOnceWhenTheOldOneIsGone() {
    begin(2);
    Broker old = leader();
    old.process.crash();
    long before = sim.clock().monotonicMs();
    for (Broker other : brokers) {
      if (other != old) {
        other.control.execute(() -> other.log.gone(old.id));
      }
    }
    sim.runUntil(() -> leader() != null, 10_000);
    assertThat(sim.clock().monotonicMs() - before).isLessThan(450);
  }

  @Test
  void entriesOfAnotherTermAndTwiceLoggedOnesAreRefused() {
    refused = 0;
    begin(4);
    raft.doubleNextSubmission();
    leader().decide();
    sim.runFor(500);
    assertThat(refused).isEqualTo(3);
    raft.refuseNextSubmission();
    Broker old = leader();
    old.decide();
    sim.runUntil(() -> old.term < 0, 1_000);
  }

  @Test
  void neverForksNorForgetsInAnyScheduleOfFaults() {
    for (long seed = 1; seed <= 150; seed++) {
      begin(seed);
      for (int step = 0; step < 60; step++) {
        fault();
        brokers.forEach(Broker::decide);
        sim.runFor(1 + sim.random().nextInt(400));
      }
      network.healAll();
      brokers.forEach(
          broker -> {
            broker.process.resume();
            if (!broker.process.isAlive()) {
              broker.start();
            }
          });
      sim.runUntil(() -> leader() != null, 20_000);
      sim.runFor(3_000);
      long most = imageAt.keySet().stream().mapToLong(index -> index).max().orElse(0);
      for (int i = 0; i < 10; i++) {
        // A submission may still be refused.
        brokers.forEach(Broker::decide);
        sim.runFor(1_000);
      }
      assertThat(brokers).allMatch(b -> b.image.index() > most, "decides after seed " + seed);
    }
    assertThat(refused).isPositive();
    assertThat(installed).isPositive();
  }

  private void fault() {
    Broker broker = brokers.get(sim.random().nextInt(3));
    switch (sim.random().nextInt(20)) {
      case 0 -> broker.process.crash();
      case 1 -> broker.process.pause();
      case 2 -> network.isolate(HOSTS.get(broker.id), HOSTS);
      case 3 -> network.cut(HOSTS.get(broker.id), HOSTS.get((broker.id + 1) % 3));
      case 4 -> raft.moveLeadership();
      case 5 -> raft.doubleNextSubmission();
      case 6 -> raft.refuseNextSubmission();
      case 7, 8, 9 -> network.healAll();
      default -> {
        broker.process.resume();
        if (!broker.process.isAlive()) {
          broker.start();
        }
      }
    }
  }
}
