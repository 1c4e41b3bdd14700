package io.millrace.cluster;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private final Ground ground;
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

  /**
   * What is planned upon.
   *
   * @param racks rack of each broker that is known, where it has one
   * @param takers brokers that may be given replicas
   * @param replicas those of all partitions, the preferred leader first
   * @param moving partitions that are being reassigned
   */
  public record Ground(
      Map<Integer, String> racks,
      Set<Integer> takers,
      Map<TopicPartition, List<Integer>> replicas,
      Set<TopicPartition> moving) {

    /** That of an image: brokers that are fenced or about to stop are given nothing. */
    public static Ground of(ClusterImage image) {
      Ground ground =
          new Ground(new HashMap<>(), new TreeSet<>(), new LinkedHashMap<>(), new HashSet<>());
      for (BrokerImage broker : image.brokers().values()) {
        String rack = broker.rack();
        if (rack != null) {
          ground.racks.put(broker.id(), rack);
        }
        if (!broker.fenced() && !broker.shuttingDown()) {
          ground.takers.add(broker.id());
        }
      }
      for (TopicImage topic : image.topics().values()) {
        for (int number = 0; number < topic.partitions().size(); number++) {
          PartitionImage partition = topic.partitions().get(number);
          TopicPartition id = new TopicPartition(topic.name(), number);
          ground.replicas.put(id, partition.replicas());
          if (partition.isReassigned()) {
            ground.moving.add(id);
          }
        }
      }
      return ground;
    }
  }

  /** What becomes of partitions that are on all brokers when one is emptied. */
  public enum NoRoom {
    /** They keep their replica there, as the last that would lead. */
    KEEP,
    /** They are left with one replica less. */
    FEWER_REPLICAS
  }

  private ReplicaMoves(Ground ground) {
    this.ground = ground;
    for (int taker : ground.takers) {
      replicas.put(taker, 0);
      leaders.put(taker, 0);
    }
    ground.replicas.forEach(this::take);
  }

  private void take(TopicPartition id, List<Integer> held) {
    held.forEach(replica -> count(replicas, replica, 1));
    if (!held.isEmpty()) {
      count(leaders, held.get(0), 1);
    }
    if (!ground.moving.contains(id)) {
      order.add(id);
      wanted.put(id, held);
    }
  }

  private static void count(Map<Integer, Integer> counts, int broker, int by) {
    counts.computeIfPresent(broker, (id, before) -> before + by);
  }

  /** As {@link #drain(Ground, int, NoRoom)}, with fewer replicas where there is no room. */
  public static List<Move> drain(ClusterImage image, int brokerId) {
    return drain(Ground.of(image), brokerId, NoRoom.FEWER_REPLICAS);
  }

  /**
   * Empties a broker: each of its replicas goes to the broker with the fewest, in another rack than
   * the partition's other replicas where there is one. A partition that is on no other broker and
   * has nowhere to go stays. One of an internal topic that all brokers hold keeps its replica in
   * any case, for the cluster would give it back; only its leadership goes.
   *
   * @param noRoom what becomes of partitions that all brokers hold already
   */
  public static List<Move> drain(Ground ground, int brokerId, NoRoom noRoom) {
    ReplicaMoves plan = new ReplicaMoves(ground);
    plan.replicas.remove(brokerId);
    plan.leaders.remove(brokerId);
    for (TopicPartition id : plan.order) {
      List<Integer> now = plan.wanted.getOrDefault(id, List.of());
      if (now.contains(brokerId)) {
        plan.leave(id, now, brokerId, noRoom);
      }
    }
    return plan.moves();
  }

  private void leave(TopicPartition id, List<Integer> now, int brokerId, NoRoom noRoom) {
    Integer target = target(now, brokerId);
    List<Integer> next = new ArrayList<>(now);
    if (target != null) {
      next.set(next.indexOf(brokerId), target);
      count(replicas, target, 1);
    } else if (now.size() > 1) {
      next.remove((Integer) brokerId);
      // Its leadership goes to one that is there.
      next.sort(Comparator.comparing(replica -> !replicas.containsKey(replica)));
      if (noRoom == NoRoom.KEEP || Topic.isInternal(id.topic())) {
        next.add(brokerId);
      }
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
    return ground.racks.get(broker);
  }

  /**
   * Levels the number of replicas, then that of preferred leaders, between the brokers that are
   * there; no partition comes to be in fewer racks for it.
   */
  public static List<Move> rebalance(ClusterImage image) {
    return rebalance(Ground.of(image));
  }

  /** As {@link #rebalance(ClusterImage)}. */
  public static List<Move> rebalance(Ground ground) {
    ReplicaMoves plan = new ReplicaMoves(ground);
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
      List<Integer> now = ground.replicas.getOrDefault(id, List.of());
      List<Integer> next = wanted.getOrDefault(id, now);
      if (!next.equals(now)) {
        moves.add(new Move(id, now, next));
      }
    }
    return List.copyOf(moves);
  }
}
