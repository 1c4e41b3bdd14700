package io.millrace.cluster;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Plans which replicas go where, for people who empty a broker or level the brokers' load. A plan
 * is carried out by reassignments (KIP-455). Partitions that are being reassigned already are left
 * alone.
 *
 * <p>Confined to: the thread that plans.
 */
public final class ReplicaMoves {
  private final ClusterImage image;
  private final Map<Integer, Integer> replicas = new TreeMap<>();
  private final Map<Integer, Integer> leaders = new TreeMap<>();
  private final Map<TopicPartition, List<Integer>> wanted = new HashMap<>();
  private final List<TopicPartition> order = new ArrayList<>();

  /**
   * One partition of a plan.
   *
   * @param from its replicas now, the preferred leader first
   * @param to its replicas afterwards; fewer when there is no broker for all of them
   */
  public record Move(TopicPartition partition, List<Integer> from, List<Integer> to) {}

  private ReplicaMoves(ClusterImage image) {
    this.image = image;
    for (BrokerImage broker : image.brokers().values()) {
      if (!broker.fenced() && !broker.shuttingDown()) {
        replicas.put(broker.id(), 0);
        leaders.put(broker.id(), 0);
      }
    }
    for (TopicImage topic : image.topics().values()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        take(new TopicPartition(topic.name(), number), topic.partitions().get(number));
      }
    }
  }

  private void take(TopicPartition id, PartitionImage partition) {
    partition.replicas().forEach(replica -> count(replicas, replica, 1));
    if (!partition.replicas().isEmpty()) {
      count(leaders, partition.replicas().get(0), 1);
    }
    if (partition.adding().isEmpty() && partition.removing().isEmpty()) {
      order.add(id);
      wanted.put(id, partition.replicas());
    }
  }

  private static void count(Map<Integer, Integer> counts, int broker, int by) {
    counts.computeIfPresent(broker, (id, before) -> before + by);
  }

  /**
   * Empties a broker: each of its replicas goes to the broker with the fewest, in another rack than
   * the partition's other replicas where there is one. Where all brokers hold the partition already
   * it is left with one replica less. A partition that is on no other broker and has nowhere to go
   * stays, and one of an internal topic too: the cluster would give it the replica back.
   */
  public static List<Move> drain(ClusterImage image, int brokerId) {
    ReplicaMoves plan = new ReplicaMoves(image);
    plan.replicas.remove(brokerId);
    plan.leaders.remove(brokerId);
    for (TopicPartition id : plan.order) {
      List<Integer> now = plan.wanted.getOrDefault(id, List.of());
      if (now.contains(brokerId)) {
        plan.leave(id, now, brokerId);
      }
    }
    return plan.moves();
  }

  private void leave(TopicPartition id, List<Integer> now, int brokerId) {
    Integer target = target(now, brokerId);
    List<Integer> next = new ArrayList<>(now);
    if (target != null) {
      next.set(next.indexOf(brokerId), target);
      count(replicas, target, 1);
    } else if (now.size() > 1 && !Topic.isInternal(id.topic())) {
      next.remove((Integer) brokerId);
    }
    wanted.put(id, List.copyOf(next));
  }

  private @Nullable Integer target(List<Integer> now, int leaving) {
    List<Integer> others = now.stream().filter(replica -> replica != leaving).toList();
    return replicas.keySet().stream()
        .filter(broker -> !now.contains(broker))
        .min(
            Comparator.<Integer, Boolean>comparing(broker -> sharesRack(broker, others))
                .thenComparing(broker -> replicas.getOrDefault(broker, 0))
                .thenComparing(broker -> broker))
        .orElse(null);
  }

  private boolean sharesRack(int broker, List<Integer> others) {
    String rack = rack(broker);
    return rack != null && others.stream().anyMatch(other -> rack.equals(rack(other)));
  }

  private @Nullable String rack(int broker) {
    BrokerImage known = image.broker(broker);
    return known == null ? null : known.rack();
  }

  /**
   * Levels the number of replicas, then that of preferred leaders, between the brokers that are
   * there; no partition comes to be in fewer racks for it.
   */
  public static List<Move> rebalance(ClusterImage image) {
    ReplicaMoves plan = new ReplicaMoves(image);
    for (TopicPartition id : plan.order) {
      plan.levelReplicas(id);
    }
    for (TopicPartition id : plan.order) {
      plan.levelLeader(id);
    }
    return plan.moves();
  }

  private void levelReplicas(TopicPartition id) {
    List<Integer> now = wanted.getOrDefault(id, List.of());
    for (int place = now.size() - 1; place >= 0; place--) {
      int from = now.get(place);
      Integer to = lighter(now, from);
      if (to != null) {
        List<Integer> next = new ArrayList<>(now);
        next.set(place, to);
        count(replicas, from, -1);
        count(replicas, to, 1);
        if (place == 0) {
          count(leaders, from, -1);
          count(leaders, to, 1);
        }
        now = List.copyOf(next);
      }
    }
    wanted.put(id, now);
  }

  /** The broker with the fewest replicas, when it has at least two fewer. */
  private @Nullable Integer lighter(List<Integer> now, int from) {
    int load = replicas.getOrDefault(from, 0);
    List<Integer> others = now.stream().filter(replica -> replica != from).toList();
    boolean shares = sharesRack(from, others);
    return replicas.keySet().stream()
        .filter(broker -> !now.contains(broker))
        .filter(broker -> load - replicas.getOrDefault(broker, 0) >= 2)
        .filter(broker -> shares || !sharesRack(broker, others))
        .min(
            Comparator.<Integer>comparingInt(broker -> replicas.getOrDefault(broker, 0))
                .thenComparing(broker -> broker))
        .orElse(null);
  }

  private void levelLeader(TopicPartition id) {
    List<Integer> now = wanted.getOrDefault(id, List.of());
    if (now.size() < 2) {
      return;
    }
    int first = now.get(0);
    int load = leaders.getOrDefault(first, 0);
    now.stream()
        .skip(1)
        .filter(leaders::containsKey)
        .filter(broker -> load - leaders.getOrDefault(broker, 0) >= 2)
        .min(Comparator.comparingInt(broker -> leaders.getOrDefault(broker, 0)))
        .ifPresent(
            broker -> {
              List<Integer> next = new ArrayList<>(now);
              next.set(next.indexOf(broker), first);
              next.set(0, broker);
              count(leaders, first, -1);
              count(leaders, broker, 1);
              wanted.put(id, List.copyOf(next));
            });
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (TopicPartition id : order) {
      PartitionImage partition =
          Objects.requireNonNull(image.partition(id.topic(), id.partition()));
      List<Integer> next = wanted.getOrDefault(id, partition.replicas());
      if (!next.equals(partition.replicas())) {
        moves.add(new Move(id, partition.replicas(), next));
      }
    }
    return List.copyOf(moves);
  }
}
