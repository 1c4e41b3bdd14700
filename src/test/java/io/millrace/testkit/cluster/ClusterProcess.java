package io.millrace.testkit.cluster;

import io.millrace.testkit.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;

/**
 * Three brokers in processes of their own. They are Millrace from this build's class path; with the
 * system property {@code it.peer}, the folder of a Kafka peer harness, they are Apache Kafka, so
 * that a check can be shown to hold for the brokers that it is modelled on.
 *
 * <p>Confined to: the test's thread.
 */
public final class ClusterProcess implements AutoCloseable {
  private static final int SIZE = 3;
  private static final Duration START = Duration.ofSeconds(120);
  private static final int ASK_SECONDS_MAX = 20;

  /** Groups start at once, members may be lost soon, and their coordinators are spread. */
  private static final Map<String, String> QUICK_GROUPS =
      Map.of(
          "group.min.session.timeout.ms", "1000",
          "group.initial.rebalance.delay.ms", "0",
          "offsets.topic.num.partitions", "9");

  private final List<ClusterNode> nodes;
  private final Admin admin;

  private ClusterProcess(List<NodePlace> places, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(QUICK_GROUPS);
    all.putAll(settings);
    nodes =
        places.stream()
            .map(place -> new ClusterNode(place, NodeCommand.of(place, places, all)))
            .toList();
    admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", bootstrap(),
                "request.timeout.ms", 5_000,
                "default.api.timeout.ms", 15_000,
                "reconnect.backoff.max.ms", 200));
  }

  /** Three brokers on free ports of the loopback, not started yet. */
  public static ClusterProcess onLoopback(Path home, Map<String, String> settings) {
    List<NodePlace> places = new ArrayList<>();
    for (int id = 0; id < SIZE; id++) {
      places.add(
          new NodePlace(
              id,
              "127.0.0.1",
              BrokerProcess.freePort(),
              freeSlot(places),
              BrokerProcess.freePort(),
              home.resolve("node-" + id),
              List.of()));
    }
    return new ClusterProcess(places, settings);
  }

  /** Three brokers with an address each in a private network, not started yet. */
  public static ClusterProcess inNetwork(
      PrivateNetwork network, Path home, Map<String, String> settings) {
    List<NodePlace> places =
        IntStream.range(0, SIZE)
            .mapToObj(
                id ->
                    new NodePlace(
                        id,
                        network.address(id),
                        9092,
                        17_092,
                        8080,
                        home.resolve("node-" + id),
                        network.prefix(id)))
            .toList();
    return new ClusterProcess(places, settings);
  }

  /** True when the processes under test are Apache Kafka; some checks hold for Millrace alone. */
  public static boolean isKafka() {
    return BrokerProcess.isKafka();
  }

  /** Starts all at once and waits until they are one cluster. */
  public ClusterProcess start() {
    nodes.forEach(ClusterNode::start);
    awaitFormed();
    return this;
  }

  /** Waits until all brokers are in the cluster and answer. */
  public void awaitFormed() {
    nodes.forEach(this::awaitAnswers);
    Awaitility.await("three brokers are one cluster")
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> get(admin.describeCluster().nodes()).size() == SIZE);
  }

  /** Waits until a broker answers clients. */
  public void awaitAnswers(ClusterNode node) {
    Awaitility.await("broker " + node.id() + " answers, see " + node.console())
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .until(node::answers);
  }

  /** Addresses of all brokers. */
  public String bootstrap() {
    return nodes.stream().map(ClusterNode::address).collect(Collectors.joining(","));
  }

  /** All brokers by id. */
  public List<ClusterNode> nodes() {
    return nodes;
  }

  /** The broker of that id. */
  public ClusterNode node(int id) {
    return nodes.get(id);
  }

  /** A client for questions and changes. */
  public Admin admin() {
    return admin;
  }

  /** Creates a topic with a replica on every broker. */
  public void createTopic(String name, int partitions) {
    persist(
        "topic " + name + " is created",
        () -> {
          if (!get(admin.listTopics().names()).contains(name)) {
            get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) SIZE))).all());
          }
          return true;
        });
  }

  /** Id of a partition's leader. */
  public int leader(TopicPartition partition) {
    int[] found = {-1};
    persist(
        partition + " has a leader",
        () -> {
          TopicPartitionInfo info =
              describe(List.of(partition.topic()))
                  .get(partition.topic())
                  .partitions()
                  .get(partition.partition());
          found[0] = info.leader() == null ? -1 : info.leader().id();
          return found[0] >= 0;
        });
    return found[0];
  }

  /** Id of a group's coordinator. */
  public int coordinator(String group) {
    int[] found = {-1};
    persist(
        "group " + group + " has a coordinator",
        () -> {
          found[0] =
              get(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
                  .coordinator()
                  .id();
          return found[0] >= 0;
        });
    return found[0];
  }

  /** Id of the broker that leads the metadata log. */
  public int controller() {
    int[] found = {-1};
    persist(
        "the metadata log has a leader",
        () -> {
          found[0] = get(admin.describeMetadataQuorum().quorumInfo()).leaderId();
          return found[0] >= 0;
        });
    return found[0];
  }

  /** Waits until every replica of these topics is in sync; returns how long that took. */
  public Duration awaitFullIsr(Collection<String> topics) {
    long begin = System.nanoTime();
    persist(
        "all replicas of " + topics + " are in sync",
        () ->
            describe(topics).values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(ClusterProcess::isWhole));
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static boolean isWhole(TopicPartitionInfo partition) {
    return partition.leader() != null && partition.isr().size() == SIZE;
  }

  private Map<String, TopicDescription> describe(Collection<String> topics) throws Exception {
    return get(admin.describeTopics(topics).allTopicNames());
  }

  /** Ends all brokers. */
  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
    nodes.forEach(ClusterNode::close);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Brokers may be down meanwhile: what fails is asked again. */
  private static void persist(String what, Condition condition) {
    Awaitility.await(what)
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(condition::holds);
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(ASK_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** The first of four ports that are free now and not taken by the places before. */
  private static int freeSlot(List<NodePlace> before) {
    for (int first = 20_000 + (BrokerProcess.freePort() % 2_000) * 4; ; first += 4) {
      int slot = first;
      boolean free =
          before.stream().noneMatch(place -> place.peerPort() == slot)
              && IntStream.range(slot, slot + 4).allMatch(BrokerProcess::isFree);
      if (free) {
        return slot;
      }
    }
  }
}
