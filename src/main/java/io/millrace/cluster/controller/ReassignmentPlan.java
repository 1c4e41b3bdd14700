package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;

/**
 * Which replicas to move so that a broker holds none, or all brokers hold as many. A plan is made
 * from an image alone, so that it can be shown before it is carried out. Partitions that are being
 * reassigned are left as they are. Immutable.
 *
 * @param target replicas of each partition that is to change, the preferred leader first
 * @param moves number of replicas that are copied to another broker
 * @param stuck partitions for whose replica there is no other living broker
 */
public record ReassignmentPlan(
    Map<TopicPartition, List<Integer>> target, int moves, List<TopicPartition> stuck) {
  private static final int LEADER_ROUNDS_MAX = 20;

  public ReassignmentPlan {
    target = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(target));
    stuck = List.copyOf(stuck);
  }

  /** Takes all replicas off a broker, and where that cannot be, at least its leaderships. */
  public static ReassignmentPlan drain(ClusterImage image, int broker) {
    BrokerLoad load = new BrokerLoad(image);
    Map<TopicPartition, List<Integer>> target = new LinkedHashMap<>();
    List<TopicPartition> stuck = new ArrayList<>();
    int moves = 0;
    for (Map.Entry<TopicPartition, List<Integer>> held : settled(image).entrySet()) {
      List<Integer> now = held.getValue();
      if (!now.contains(broker)) {
        continue;
      }
      List<Integer> next = new ArrayList<>(now);
      next.remove((Integer) broker);
      Optional<Integer> other = load.bestFor(next, List.of(broker));
      next.add(other.orElse(broker));
      next.sort(
          Comparator.comparing((Integer id) -> id == broker)
              .thenComparing(id -> !now.contains(id))
              .thenComparing(load::leaders));
      if (other.isPresent()) {
        moves++;
      } else {
        stuck.add(held.getKey());
      }
      if (!next.equals(now)) {
        load.moved(now, next);
        target.put(held.getKey(), next);
      }
    }
    return new ReassignmentPlan(target, moves, stuck);
  }

  /** Gives all living brokers as many replicas and preferred leaders, with few moves. */
  public static ReassignmentPlan rebalance(ClusterImage image) {
    BrokerLoad load = new BrokerLoad(image);
    Map<TopicPartition, List<Integer>> before = settled(image);
    Map<TopicPartition, List<Integer>> after = new LinkedHashMap<>(before);
    int moves = evenReplicas(load, after);
    evenLeaders(load, after);
    after.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
    return new ReassignmentPlan(after, moves, List.of());
  }

  private static Map<TopicPartition, List<Integer>> settled(ClusterImage image) {
    Map<TopicPartition, List<Integer>> settled = new LinkedHashMap<>();
    for (TopicImage topic : image.topics().values()) {
      int number = 0;
      for (PartitionImage partition : topic.partitions()) {
        if (!partition.isReassigned()) {
          settled.put(new TopicPartition(topic.name(), number), partition.replicas());
        }
        number++;
      }
    }
    return settled;
  }

  private static int evenReplicas(BrokerLoad load, Map<TopicPartition, List<Integer>> replicas) {
    int moves = 0;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Map.Entry<TopicPartition, List<Integer>> held : replicas.entrySet()) {
        Optional<List<Integer>> next = lighter(load, held.getValue());
        if (next.isPresent()) {
          load.moved(held.getValue(), next.get());
          held.setValue(next.get());
          moves++;
          moved = true;
        }
      }
    }
    return moves;
  }

  /** The replicas with the one on the fullest broker moved to a broker with two less, if any. */
  private static Optional<List<Integer>> lighter(BrokerLoad load, List<Integer> now) {
    int from = now.stream().filter(load.brokers()::contains).max(byReplicas(load)).orElse(-1);
    Optional<Integer> to =
        load.brokers().stream().filter(id -> !now.contains(id)).min(byReplicas(load));
    if (from < 0 || to.isEmpty() || load.replicas(from) - load.replicas(to.get()) < 2) {
      return Optional.empty();
    }
    List<Integer> next = new ArrayList<>(now);
    next.set(next.indexOf(from), to.get());
    return load.racks(next) < load.racks(now) ? Optional.empty() : Optional.of(next);
  }

  private static Comparator<Integer> byReplicas(BrokerLoad load) {
    return Comparator.<Integer>comparingInt(load::replicas).thenComparing(id -> id);
  }

  private static void evenLeaders(BrokerLoad load, Map<TopicPartition, List<Integer>> replicas) {
    boolean changed = true;
    for (int round = 0; changed && round < LEADER_ROUNDS_MAX; round++) {
      changed = false;
      for (Map.Entry<TopicPartition, List<Integer>> held : replicas.entrySet()) {
        List<Integer> now = held.getValue();
        int least =
            now.stream()
                .filter(load.brokers()::contains)
                .min(Comparator.comparingInt(load::leaders))
                .orElse(now.get(0));
        if (load.leaders(now.get(0)) - load.leaders(least) >= 2) {
          List<Integer> next = new ArrayList<>(now);
          next.remove((Integer) least);
          next.add(0, least);
          load.moved(now, next);
          held.setValue(next);
          changed = true;
        }
      }
    }
  }

  /** The request that carries it out; ask for preferred leaders when it is done. */
  public AlterPartitionReassignmentsRequestData request() {
    Map<String, ReassignableTopic> topics = new TreeMap<>();
    target.forEach(
        (partition, replicas) ->
            topics
                .computeIfAbsent(partition.topic(), name -> new ReassignableTopic().setName(name))
                .partitions()
                .add(
                    new ReassignablePartition()
                        .setPartitionIndex(partition.partition())
                        .setReplicas(replicas)));
    return new AlterPartitionReassignmentsRequestData().setTopics(List.copyOf(topics.values()));
  }
}
