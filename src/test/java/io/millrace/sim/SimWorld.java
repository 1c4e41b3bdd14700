package io.millrace.sim;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.SimScheduler;
import io.millrace.partition.Partition;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A machine with one disk, the broker's process on it, and what its clients know.
 *
 * <p>Confined to the test's thread.
 */
final class SimWorld {
  final SimScheduler sim;
  final SimDisk disk;
  final Random random;
  final Map<String, PartitionHistory> histories = new LinkedHashMap<>();

  private final BrokerConfig config;
  private @Nullable SimBroker broker;
  private final List<String> events = new ArrayList<>();
  private int runs;
  private int boots;
  private boolean powerWasCut;

  /** What the schedules did, so that a test can see that they did something. */
  static final TreeMap<String, Long> DONE = new TreeMap<>();

  static void count(String what, long amount) {
    DONE.merge(what, amount, Long::sum);
  }

  SimWorld(long seed, Map<String, String> settings) {
    this.sim = new SimScheduler(seed);
    this.random = sim.random();
    this.disk = new SimDisk(random.nextLong());
    this.config = BrokerConfig.of(settings);
    try {
      // The folder was made long ago.
      disk.createDirectories(SimBroker.FOLDER);
      disk.forceDirectory(SimBroker.FOLDER.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What happened, for the report of a failure. */
  void note(String event) {
    count(event, 1);
    events.add(sim.clock().monotonicMs() + " ms: " + event);
  }

  List<String> events() {
    return events;
  }

  /** Starts the process; what it holds is compared with what clients know as soon as it serves. */
  void start() {
    note("start");
    SimBroker next =
        SimBroker.launch(
            new SimBroker.Start(sim, disk, SimBroker.FOLDER, "boot-" + boots, config),
            "broker-" + runs++);
    broker = next;
    boolean lossy = powerWasCut;
    next.ready()
        .onSuccess(
            ready -> {
              note(next.storage().startedUnclean() ? "ready, unclean" : "ready");
              if (next.sawItsDiskFail()) {
                return;
              }
              histories.forEach((key, history) -> compare(next, key, history, lossy));
              powerWasCut = false;
            });
  }

  private static void compare(
      SimBroker broker, String key, PartitionHistory history, boolean lossy) {
    int dash = key.lastIndexOf('-');
    Partition partition =
        broker.partitions().get(key.substring(0, dash), Integer.parseInt(key.substring(dash + 1)));
    if (partition == null || partition.problem() != Errors.NONE) {
      throw new AssertionError(
          key
              + " is not served after a restart: "
              + (partition == null ? "absent" : partition.problem())
              + " of "
              + broker.partitions().all());
    }
    history.restarted(
        partition.logStartOffset(), partition.logEndOffset(), partition.leaderEpoch(), lossy);
  }

  /** The process that runs; null while none does. */
  @Nullable SimBroker broker() {
    return broker;
  }

  boolean isServing() {
    SimBroker now = broker;
    return now != null && now.ready().succeeded() && !now.isBroken();
  }

  /** The process dies, the page cache does not. */
  void kill() {
    note("kill");
    end();
    disk.killProcess();
  }

  /** The power goes: only what was forced is sure. */
  void cutPower() {
    note("power cut");
    end();
    disk.cutPower();
    boots++;
    powerWasCut = true;
  }

  /** How often the power was cut. */
  int powerCuts() {
    return boots;
  }

  private void end() {
    SimBroker now = broker;
    broker = null;
    if (now != null) {
      now.crash();
    }
  }

  /** Stops the process cleanly; done within a bound of time. */
  void stop() {
    note("stop");
    SimBroker now = broker;
    if (now != null) {
      sim.await(now.stop(), 60_000);
      broker = null;
      disk.killProcess();
    }
  }

  /** A topic whose partitions are watched. */
  void createTopic(String topic, int partitions, String... configs) {
    boolean durable = contains(configs, "flush.messages", "1");
    boolean compacted = contains(configs, "cleanup.policy", "compact");
    boolean expires = contains(configs, "retention.bytes", null);
    CreateTopicsResponseData done =
        (CreateTopicsResponseData)
            sim.await(
                call(0, ApiKeys.CREATE_TOPICS, 7, Requests.createTopic(topic, partitions, configs)),
                60_000);
    if (done.topics().find(topic).errorCode() != 0) {
      throw new AssertionError("cannot create " + topic + ": " + done);
    }
    for (int i = 0; i < partitions; i++) {
      String name = topic + "-" + i;
      histories.put(name, new PartitionHistory(name, durable, compacted, expires));
    }
  }

  private static boolean contains(String[] configs, String key, @Nullable String value) {
    for (int i = 0; i < configs.length; i += 2) {
      if (configs[i].equals(key) && (value == null || configs[i + 1].equals(value))) {
        return true;
      }
    }
    return false;
  }

  PartitionHistory history(String topic, int partition) {
    return histories.get(topic + "-" + partition);
  }

  /** Sends a request; fails with a lost connection when no process serves. */
  Future<@Nullable ApiMessage> call(long connection, ApiKeys api, int version, ApiMessage request) {
    SimBroker now = broker;
    return now != null && isServing()
        ? now.call(connection, api, version, request)
        : Future.failedFuture(new SimBroker.ConnectionLost());
  }
}
