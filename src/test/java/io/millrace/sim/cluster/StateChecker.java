package io.millrace.sim.cluster;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.partition.Partition;
import io.millrace.sim.Answers;
import io.millrace.sim.cluster.ClusterHistory.Stands;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Looks into every broker after each step: one leader per epoch, logs that agree up to each high
 * watermark, high watermarks that do not fall, replicas in sync that hold what is committed, images
 * that are the same at the same place.
 *
 * <p>Confined to: the test's thread.
 */
final class StateChecker {
  private final ClusterWorld world;
  private final Map<Place, Long> verified = new HashMap<>();
  private final Map<String, ClusterImage> seen = new HashMap<>();
  private final Map<Long, ClusterImage> images = new TreeMap<>();
  private final DecisionChecker decided;
  private @Nullable String clusterId;

  private record Place(String process, String partition) {}

  StateChecker(ClusterWorld world) {
    this.world = world;
    this.decided = new DecisionChecker();
    world.raft.observe(decided::check);
  }

  /** Looks at everything that is there now. */
  void check() {
    brokers();
    replicasInSync(world.raft.image());
  }

  private void brokers() {
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      if (broker != null && broker.isServing()) {
        image(broker);
        for (Partition partition : broker.partitions().all()) {
          ClusterHistory history = world.history(partition.toString());
          if (history != null && partition.problem() == Errors.NONE) {
            partition(broker, partition, history);
          }
        }
      }
    }
  }

  /**
   * Whoever may be elected has all that is committed: the replicas in sync, and those that are
   * eligible.
   */
  private void replicasInSync(ClusterImage image) {
    for (ClusterHistory history : world.histories.values()) {
      PartitionImage partition = image.partition(history.topic(), history.partition());
      if (partition != null) {
        partition.isr().forEach(id -> holdsAll(image, id, history, "in sync"));
        partition.eligible().forEach(id -> holdsAll(image, id, history, "eligible"));
      }
    }
  }

  private void holdsAll(ClusterImage image, int id, ClusterHistory history, String what) {
    ClusterBroker broker = world.machines.get(id).broker();
    BrokerImage registered = image.broker(id);
    if (broker == null
        || !broker.isServing()
        || registered == null
        || !registered.incarnation().equals(broker.incarnation())) {
      return;
    }
    Partition replica = broker.partitions().get(history.topic(), history.partition());
    if (replica != null && replica.problem() == Errors.NONE) {
      history.check(
          replica.logEndOffset() >= history.knownEnd(),
          "in-sync-holds",
          "%s is %s with log end %d, but %d is committed",
          broker,
          what,
          replica.logEndOffset(),
          history.knownEnd() - 1);
    }
  }

  /** Whether each replica knows of all that is known to be committed. */
  boolean isToldEverywhere() {
    return replicasBehind().isEmpty();
  }

  /** At rest every replica has everything, and the leader's log is all there. */
  void checkWhole() {
    check();
    for (Behind each : replicasBehind()) {
      each.history.check(
          false,
          "nothing-lost",
          "%s has %d, but %d is known",
          each.broker,
          each.highWatermark,
          each.history.knownEnd() - 1);
    }
  }

  private record Behind(ClusterHistory history, ClusterBroker broker, long highWatermark) {}

  private List<Behind> replicasBehind() {
    List<Behind> behind = new ArrayList<>();
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      for (Partition partition : broker.partitions().all()) {
        ClusterHistory history = world.history(partition.toString());
        if (history != null && partition.highWatermark() < history.knownEnd()) {
          behind.add(new Behind(history, broker, partition.highWatermark()));
        }
      }
    }
    return behind;
  }

  private void image(ClusterBroker broker) {
    ClusterImage image = broker.cluster().image();
    if (image.clusterId().isEmpty() || seen.put(broker.toString(), image) == image) {
      return;
    }
    if (clusterId == null) {
      clusterId = image.clusterId();
    }
    if (!clusterId.equals(image.clusterId())) {
      throw new Violation(
          "one-cluster", broker + " is in cluster " + image.clusterId() + ", not " + clusterId);
    }
    ClusterImage other = images.putIfAbsent(image.index(), image);
    if (other != null && other != image && !other.equals(image)) {
      throw new Violation(
          "images-agree", broker + " has another image at " + image.index() + " than others");
    }
  }

  private void partition(ClusterBroker broker, Partition partition, ClusterHistory history) {
    LogView view = partition.view();
    if (partition.isLeader()) {
      int epoch = partition.leaderEpoch();
      history.leads(epoch, world.brokerCount() == 1 ? "b0" : broker.toString());
      history.sawHighWatermark(epoch, view.highWatermark());
    }
    history.check(
        view.highWatermark() <= view.logEndOffset(),
        "logs-agree",
        "the high watermark %d of %s is above its log end %d",
        view.highWatermark(),
        broker,
        view.logEndOffset());
    Place place = new Place(broker.toString(), history.name());
    long from = Math.min(verified.getOrDefault(place, 0L), view.logEndOffset());
    verified.put(place, read(view, from, view.highWatermark(), history, broker.toString()));
  }

  /** Reads a part of a log, and tells the history; returns how far it came. */
  private static long read(
      LogView view, long from, long end, ClusterHistory history, String where) {
    long position = from;
    while (position < end) {
      LogSlice slice = view.read(position, 1 << 20, end, true);
      if (slice == null) {
        return position;
      }
      ByteBuffer bytes;
      try {
        bytes = slice.read();
      } catch (java.io.UncheckedIOException e) {
        // Its disk fails just now.
        return position;
      } finally {
        slice.release();
      }
      long before = position;
      for (RecordBatch batch : Answers.batches(MemoryRecords.readableRecords(bytes))) {
        for (Record record : batch) {
          if (record.offset() >= position && record.offset() < end) {
            history.committed(
                record.offset(),
                new Stands(
                    Objects.requireNonNull(Answers.value(record)), batch.partitionLeaderEpoch()),
                "on " + where);
          }
        }
        position = Math.max(position, Math.min(end, batch.nextOffset()));
      }
      if (position == before) {
        return position;
      }
    }
    return position;
  }
}
