package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.jspecify.annotations.Nullable;

/**
 * Limits the bytes per second with which replicas are copied (KIP-73, KIP-113): a rate on each
 * broker that takes part, and on each topic the replicas that it holds for. Confined to: the main
 * thread.
 */
public final class MoveThrottles {
  private static final String LEADER_RATE = "leader.replication.throttled.rate";
  private static final String FOLLOWER_RATE = "follower.replication.throttled.rate";
  private static final String FOLDER_RATE = "replica.alter.log.dirs.io.max.bytes.per.second";
  private static final String LEADER_REPLICAS = "leader.replication.throttled.replicas";
  private static final String FOLLOWER_REPLICAS = "follower.replication.throttled.replicas";

  private final AdminSession session;

  /** Where a partition's bytes come from, and where they go. */
  private record Move(Set<Integer> sources, Set<Integer> targets) {}

  public MoveThrottles(AdminSession session) {
    this.session = session;
  }

  /**
   * Limits copies between brokers.
   *
   * @param current what is under way, whose limit changes too
   * @param wanted replicas that partitions are to have
   * @param now replicas that these partitions have
   */
  public void limit(
      Map<TopicPartition, PartitionReassignment> current,
      Map<TopicPartition, List<Integer>> wanted,
      Map<TopicPartition, List<Integer>> now,
      long bytesPerSecond) {
    Map<TopicPartition, Move> moves = moves(current, wanted, now);
    Map<String, Set<String>> leaders = new HashMap<>();
    Map<String, Set<String>> followers = new HashMap<>();
    Set<Integer> brokers = new TreeSet<>();
    moves.forEach(
        (partition, move) -> {
          name(leaders, partition, move.sources);
          name(followers, partition, move.targets);
          brokers.addAll(move.sources);
          brokers.addAll(move.targets);
        });
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (String topic : leaders.keySet()) {
      changes.put(
          new ConfigResource(Type.TOPIC, topic),
          List.of(
              set(LEADER_REPLICAS, String.join(",", leaders.getOrDefault(topic, Set.of()))),
              set(FOLLOWER_REPLICAS, String.join(",", followers.getOrDefault(topic, Set.of())))));
    }
    String rate = String.valueOf(bytesPerSecond);
    brokers.forEach(
        broker ->
            changes.put(broker(broker), List.of(set(LEADER_RATE, rate), set(FOLLOWER_RATE, rate))));
    await(session.admin().incrementalAlterConfigs(changes).all());
  }

  private static Map<TopicPartition, Move> moves(
      Map<TopicPartition, PartitionReassignment> current,
      Map<TopicPartition, List<Integer>> wanted,
      Map<TopicPartition, List<Integer>> now) {
    Map<TopicPartition, Move> moves = new TreeMap<>(Partitions.ORDER);
    current.forEach(
        (partition, moving) -> {
          Set<Integer> sources = new TreeSet<>(moving.replicas());
          sources.removeAll(new HashSet<>(moving.addingReplicas()));
          moves.put(partition, new Move(sources, new TreeSet<>(moving.addingReplicas())));
        });
    wanted.forEach(
        (partition, replicas) -> {
          @Nullable Move known = moves.get(partition);
          Set<Integer> sources =
              known != null ? known.sources : new TreeSet<>(now.getOrDefault(partition, List.of()));
          Set<Integer> targets = new TreeSet<>(replicas);
          targets.removeAll(sources);
          moves.put(partition, new Move(sources, targets));
        });
    return moves;
  }

  private static void name(
      Map<String, Set<String>> replicas, TopicPartition partition, Set<Integer> brokers) {
    Set<String> named = replicas.computeIfAbsent(partition.topic(), topic -> new TreeSet<>());
    brokers.forEach(broker -> named.add(partition.partition() + ":" + broker));
  }

  /** Limits copies between the folders of these brokers. */
  public void limitFolders(Set<Integer> brokers, long bytesPerSecond) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    brokers.forEach(
        broker ->
            changes.put(broker(broker), List.of(set(FOLDER_RATE, String.valueOf(bytesPerSecond)))));
    await(session.admin().incrementalAlterConfigs(changes).all());
  }

  /** Takes the limits off these brokers. */
  public void clearBrokers(Set<Integer> brokers) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    brokers.forEach(
        broker -> changes.put(broker(broker), unset(LEADER_RATE, FOLLOWER_RATE, FOLDER_RATE)));
    await(session.admin().incrementalAlterConfigs(changes).all());
  }

  /** Takes the limits off these topics. */
  public void clearTopics(Set<String> topics) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    topics.forEach(
        topic ->
            changes.put(
                new ConfigResource(Type.TOPIC, topic), unset(LEADER_REPLICAS, FOLLOWER_REPLICAS)));
    await(session.admin().incrementalAlterConfigs(changes).all());
  }

  private static ConfigResource broker(int id) {
    return new ConfigResource(Type.BROKER, String.valueOf(id));
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), OpType.SET);
  }

  private static List<AlterConfigOp> unset(String... keys) {
    List<AlterConfigOp> changes = new ArrayList<>();
    for (String key : keys) {
      changes.add(new AlterConfigOp(new ConfigEntry(key, null), OpType.DELETE));
    }
    return changes;
  }
}
