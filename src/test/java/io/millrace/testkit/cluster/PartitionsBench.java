package io.millrace.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Many partitions on three brokers: how long it takes to create them, until all have a leader when
 * a broker is killed, and until all replicas are in sync when it is started again.
 *
 * <p>{@code PartitionsBench FOLDER [partitions]}: prints a line for each step.
 */
public final class PartitionsBench {
  private static final int PER_TOPIC = 100;
  private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(10);

  private final ClusterProcess cluster;
  private final List<String> topics;
  private long beginNs;

  private PartitionsBench(ClusterProcess cluster, int partitions) {
    this.cluster = cluster;
    this.topics = IntStream.range(0, partitions / PER_TOPIC).mapToObj(i -> "many-" + i).toList();
  }

  /** Runs it once. */
  public static void main(String[] arguments) throws Exception {
    int partitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    try (ClusterProcess cluster =
        ClusterProcess.onLoopback(Path.of(arguments[0]), Map.of()).start()) {
      new PartitionsBench(cluster, partitions).run();
    }
    System.exit(0);
  }

  private void run() throws Exception {
    memory("before");
    begin();
    List<NewTopic> wanted =
        topics.stream().map(name -> new NewTopic(name, PER_TOPIC, (short) 3)).toList();
    for (NewTopic topic : wanted) {
      cluster.admin().createTopics(List.of(topic)).all().get(2, TimeUnit.MINUTES);
    }
    tell("created, " + wanted.size() + " requests");
    await("all replicas in sync", p -> p.leader() != null && p.isr().size() == 3);
    memory("created");
    ClusterNode victim = cluster.node(cluster.controller());
    begin();
    victim.kill();
    await(
        "killed " + victim.id() + ", the controller: all partitions have another leader",
        p -> p.leader() != null && p.leader().id() != victim.id());
    begin();
    victim.start();
    cluster.awaitAnswers(victim);
    tell("restarted: answers");
    await("restarted: all replicas in sync", p -> p.leader() != null && p.isr().size() == 3);
    memory("restarted");
    begin();
    cluster.nodes().forEach(ClusterNode::kill);
    cluster.nodes().forEach(ClusterNode::start);
    cluster.awaitFormed();
    tell("all killed and restarted: answer");
    await("all replicas in sync", p -> p.leader() != null && p.isr().size() == 3);
    memory("at the end");
  }

  private void begin() {
    beginNs = System.nanoTime();
  }

  private void tell(String what) {
    System.out.printf("%-70s %7d ms%n", what, (System.nanoTime() - beginNs) / 1_000_000);
  }

  private void await(String what, Predicate<TopicPartitionInfo> holds) {
    while (missing(holds) > 0) {
      if (System.nanoTime() - beginNs > LIMIT_NS) {
        throw new IllegalStateException(what + ": still missing " + missing(holds));
      }
      LockSupport.parkNanos(50_000_000);
    }
    tell(what);
  }

  private long missing(Predicate<TopicPartitionInfo> holds) {
    try {
      return cluster
          .admin()
          .describeTopics(topics)
          .allTopicNames()
          .get(60, TimeUnit.SECONDS)
          .values()
          .stream()
          .flatMap(topic -> topic.partitions().stream())
          .filter(partition -> !holds.test(partition))
          .count();
    } catch (Exception e) {
      // A broker that was asked is gone: the next is asked.
      return Long.MAX_VALUE;
    }
  }

  private void memory(String when) throws IOException {
    List<String> all = new ArrayList<>();
    for (ClusterNode node : cluster.nodes()) {
      all.add(
          Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
              .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
              .map(line -> line.replaceAll("\\s+", " "))
              .collect(Collectors.joining(", ")));
    }
    System.out.println(when + ": " + String.join("; ", all));
  }
}
