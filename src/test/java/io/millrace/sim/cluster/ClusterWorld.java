package io.millrace.sim.cluster;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.SimScheduler;
import io.millrace.storage.log.LoadOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The machines of a cluster, what lies between them, and what clients know.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterWorld {
  final SimScheduler sim;
  final Random random;
  final SimNetwork network;
  final SimRaft raft;
  final BrokerConfig config;
  final int lagTimeMaxMs;

  /** In half of the schedules, what lies a little behind the end of a log counts as cold. */
  final long coldAfterBytes;

  final List<SimMachine> machines = new ArrayList<>();
  final Map<String, ClusterHistory> histories = new LinkedHashMap<>();

  private final List<String> events = new ArrayList<>();
  private final Set<Long> producerIds = new HashSet<>();

  /** What the schedules did, so that a test can see that they did something. */
  static final Map<String, Long> DONE = new ConcurrentSkipListMap<>();

  static void count(String what, long amount) {
    DONE.merge(what, amount, Long::sum);
  }

  static String host(int brokerId) {
    return "b" + brokerId;
  }

  ClusterWorld(long seed, int brokers, Map<String, String> settings) {
    this.sim = new SimScheduler(seed);
    this.random = sim.random();
    this.network = new SimNetwork(sim);
    if (seed % 5 == 0) {
      // Machines that are far from each other.
      network.setWay(3 + seed / 5 % 3 * 8);
    }
    this.raft = new SimRaft(sim, network);
    this.coldAfterBytes = seed % 2 == 0 ? 2000 : LoadOptions.DEFAULT_COLD_AFTER_BYTES;
    this.config = BrokerConfig.of(settings);
    this.lagTimeMaxMs = Integer.parseInt(settings.get("replica.lag.time.max.ms"));
    for (int id = 0; id < brokers; id++) {
      machines.add(new SimMachine(this, id));
    }
  }

  int brokerCount() {
    return machines.size();
  }

  List<String> hosts() {
    return machines.stream().map(SimMachine::host).toList();
  }

  /** What happened, for the report of a failure. */
  void note(String event) {
    count(event.replaceAll("[0-9]", "").strip(), 1);
    events.add(sim.clock().monotonicMs() + " ms: " + event);
  }

  List<String> events() {
    return events;
  }

  /** The partitions of a topic are watched from now on. */
  void watch(String topic, int partitions) {
    for (int i = 0; i < partitions; i++) {
      ClusterHistory history = new ClusterHistory(topic, i);
      histories.put(history.name(), history);
    }
  }

  ClusterHistory history(String topic, int partition) {
    return histories.get(topic + "-" + partition);
  }

  @Nullable ClusterHistory history(String name) {
    return histories.get(name);
  }

  /** A producer was given an id: nobody else ever is. */
  void gaveProducerId(long id) {
    if (!producerIds.add(id)) {
      throw new Violation("producer-ids", "producer id " + id + " was given twice");
    }
  }
}
