package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cluster.LossTolerance;
import io.millrace.cluster.ReplicaMoves;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as any of its brokers tells it.
 *
 * @param clusterId its id
 * @param controller id of the active controller, or -1
 * @param brokers all that are registered, by id; those that are away are fenced
 * @param partitions all that there are, sorted
 * @param voters ids of the brokers that vote on the metadata; empty when nobody could say
 * @param moving partitions whose replicas move
 *     <p>Immutable.
 */
public record ClusterSurvey(
    String clusterId,
    int controller,
    Map<Integer, Node> brokers,
    Map<TopicPartition, Held> partitions,
    Set<Integer> voters,
    Set<TopicPartition> moving) {
  private static final int QUORUM_TIMEOUT_MS = 5_000;

  /**
   * Who holds a partition.
   *
   * @param leader id of its leader, or -1
   */
  public record Held(int leader, List<Integer> replicas, List<Integer> isr) {}

  /** Asks for all of it. */
  public static ClusterSurvey of(AdminSession session) {
    DescribeClusterResult cluster = described(session);
    Map<Integer, Node> brokers = new TreeMap<>();
    await(cluster.nodes()).forEach(node -> brokers.put(node.id(), node));
    @Nullable Node controller = await(cluster.controller());
    Set<String> topics =
        await(session.admin().listTopics(new ListTopicsOptions().listInternal(true)).names());
    return new ClusterSurvey(
        Objects.requireNonNullElse(await(cluster.clusterId()), "unknown"),
        controller == null ? -1 : controller.id(),
        brokers,
        held(await(session.admin().describeTopics(topics).allTopicNames()).values()),
        voters(session),
        new Reassignments(session).current().keySet());
  }

  /** With the brokers that are away, where the cluster can tell of them. */
  private static DescribeClusterResult described(AdminSession session) {
    DescribeClusterResult all =
        session.admin().describeCluster(new DescribeClusterOptions().includeFencedBrokers(true));
    try {
      await(all.nodes());
      return all;
    } catch (UnsupportedVersionException e) {
      return session.admin().describeCluster();
    }
  }

  private static Map<TopicPartition, Held> held(Collection<TopicDescription> topics) {
    Map<TopicPartition, Held> held = new TreeMap<>(Partitions.ORDER);
    for (TopicDescription topic : topics) {
      for (TopicPartitionInfo one : topic.partitions()) {
        @Nullable Node leader = one.leader();
        held.put(
            new TopicPartition(topic.name(), one.partition()),
            new Held(
                leader == null || leader.isEmpty() ? -1 : leader.id(),
                one.replicas().stream().map(Node::id).toList(),
                one.isr().stream().map(Node::id).toList()));
      }
    }
    return held;
  }

  private static Set<Integer> voters(AdminSession session) {
    try {
      QuorumInfo quorum =
          await(
              session
                  .admin()
                  .describeMetadataQuorum(
                      new DescribeMetadataQuorumOptions().timeoutMs(QUORUM_TIMEOUT_MS))
                  .quorumInfo());
      return quorum.voters().stream()
          .map(QuorumInfo.ReplicaState::replicaId)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (ApiException e) {
      // Clusters with ZooKeeper have no quorum, and one without a majority cannot say.
      return Set.of();
    }
  }

  /** Whether a broker is there. */
  public boolean isAlive(int broker) {
    @Nullable Node node = brokers.get(broker);
    return node != null && !node.isFenced();
  }

  /** Partitions that a broker leads though it is not the first of their replicas. */
  public Set<TopicPartition> ledForOthers(int broker) {
    return partitions.entrySet().stream()
        .filter(one -> one.getValue().leader() == broker)
        .filter(one -> one.getValue().replicas().get(0) != broker)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(() -> new TreeSet<>(Partitions.ORDER)));
  }

  /** What moves are planned upon. */
  public ReplicaMoves.Ground ground() {
    Map<Integer, String> racks = new HashMap<>();
    Set<Integer> takers = new TreeSet<>();
    brokers.forEach(
        (id, node) -> {
          @Nullable String rack = node.rack();
          if (rack != null) {
            racks.put(id, rack);
          }
          if (isAlive(id)) {
            takers.add(id);
          }
        });
    Map<io.millrace.model.TopicPartition, List<Integer>> replicas = new LinkedHashMap<>();
    partitions.forEach((id, held) -> replicas.put(own(id), held.replicas));
    Set<io.millrace.model.TopicPartition> busy =
        moving.stream().map(ClusterSurvey::own).collect(Collectors.toSet());
    return new ReplicaMoves.Ground(racks, takers, replicas, busy);
  }

  private static io.millrace.model.TopicPartition own(TopicPartition id) {
    return new io.millrace.model.TopicPartition(id.topic(), id.partition());
  }

  /** How many partitions are like this. */
  public long count(Predicate<Held> wanted) {
    return partitions.values().stream().filter(wanted).count();
  }

  /** Living brokers that hold a partition in sync. */
  private int inSync(Held held) {
    return (int) held.isr.stream().filter(this::isAlive).count();
  }

  /**
   * How many brokers may be lost, whichever they are, while everything is still served and nothing
   * is lost; and why not more.
   */
  public Bears bears() {
    if (brokers.size() == 1) {
      return new Bears(0, "this is the only broker: while it is down, nothing is served");
    }
    LossTolerance.Partitions held = new LossTolerance.Partitions();
    partitions.values().forEach(one -> held.add(one.replicas.size(), inSync(one), one.leader >= 0));
    LossTolerance tolerance =
        new LossTolerance(alive(brokers.keySet()), voters.size(), alive(voters), held);
    if (!tolerance.hasMajority()) {
      return new Bears(0, ofQuorum() + ": nothing can be decided until one more is started");
    }
    return new Bears(
        tolerance.brokers(),
        tolerance.isBoundByPartitions()
            ? ofPartitions(held, tolerance.byPartitions())
            : ofQuorum());
  }

  private int alive(Set<Integer> some) {
    return (int) some.stream().filter(this::isAlive).count();
  }

  private String ofPartitions(LossTolerance.Partitions held, int borne) {
    if (held.leaderless() > 0) {
      return partitions(held.leaderless()) + " without a leader: start the brokers that hold them";
    } else if (borne > 0) {
      return "every partition is in sync on " + (borne + 1) + " brokers or more";
    } else if (held.single() > 0) {
      return partitions(held.single()) + " on one broker only";
    }
    List<Integer> away = brokers.keySet().stream().filter(id -> !isAlive(id)).toList();
    return partitions(held.behind())
        + " in sync on one broker only: "
        + (away.isEmpty()
            ? "wait until the others have caught up"
            : "start broker " + Partitions.joined(away, " and ") + " again");
  }

  private static String partitions(int count) {
    return count == 1 ? "1 partition is" : count + " partitions are";
  }

  private String ofQuorum() {
    if (voters.size() == 1) {
      return "broker "
          + voters.iterator().next()
          + " alone votes on the metadata until three brokers are there";
    }
    int voting = alive(voters);
    return voting
        + " of the "
        + voters.size()
        + " brokers that vote on the metadata "
        + (voting == 1 ? "is" : "are")
        + " there ("
        + Partitions.joined(voters, ", ")
        + ")";
  }

  /**
   * What may be lost.
   *
   * @param lost number of brokers
   * @param why what bounds it
   */
  public record Bears(int lost, String why) {
    /** In words: {@code can lose 1 broker}. */
    public String words() {
      return lost == 0
          ? "cannot lose a broker"
          : "can lose " + lost + (lost == 1 ? " broker" : " brokers");
    }
  }
}
