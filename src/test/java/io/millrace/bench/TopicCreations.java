package io.millrace.bench;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Creates topics with one client that is warm: how long it takes until all of them have leaders,
 * and until all tell where their logs end: a broker may name a leader before its log is there.
 *
 * <p>{@code key=value} arguments: {@code bootstrap}, {@code prefix} of the names, {@code topics},
 * {@code partitions} of each, {@code rounds}. Each round makes all in one request, then as many by
 * a request each; the client alone is warmed up before, by few topics.
 */
public final class TopicCreations implements AutoCloseable {
  private static final int WARM_UP_ROUNDS = 30;
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Admin admin;
  private final int partitions;

  private TopicCreations(String bootstrap, int partitions) {
    this.admin =
        Admin.create(
            Map.of("bootstrap.servers", bootstrap, AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 5));
    this.partitions = partitions;
  }

  /** Prints the milliseconds of each round, in order. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    String prefix = arguments.text("prefix", "created");
    int topics = arguments.number("topics", 100);
    JsonArray rounds = new JsonArray();
    try (TopicCreations load =
        new TopicCreations(arguments.text("bootstrap"), arguments.number("partitions", 10))) {
      load.warmUp(prefix);
      for (int round = 0; round < arguments.number("rounds", 1); round++) {
        rounds.add(load.round(prefix + "-" + round, topics));
      }
    }
    System.out.println(new JsonObject().put("rounds", rounds).encode());
  }

  /** The same few topics described again and again: it is the client that gets warm. */
  private void warmUp(String prefix) throws Exception {
    List<String> names = List.of(prefix + "-warm");
    create(names);
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      awaitLeaders(names);
      awaitLogs(names);
    }
  }

  private JsonObject round(String prefix, int topics) throws Exception {
    List<String> together = IntStream.range(0, topics).mapToObj(i -> prefix + "-all-" + i).toList();
    long beganNs = System.nanoTime();
    create(together);
    awaitLeaders(together);
    final double ledMs = msSince(beganNs);
    awaitLogs(together);
    final double openMs = msSince(beganNs);
    beganNs = System.nanoTime();
    for (int i = 0; i < topics; i++) {
      List<String> one = List.of(prefix + "-each-" + i);
      create(one);
      awaitLeaders(one);
    }
    return new JsonObject()
        .put("one_request_ms", ledMs)
        .put("one_request_open_ms", openMs)
        .put("one_by_one_ms", msSince(beganNs));
  }

  private static double msSince(long beganNs) {
    return (System.nanoTime() - beganNs) / 1e6;
  }

  private void create(List<String> names) throws Exception {
    List<NewTopic> topics =
        names.stream()
            .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
            .toList();
    admin.createTopics(topics).all().get();
  }

  private void awaitLeaders(List<String> names) {
    await("all partitions have leaders")
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> allLed(names));
  }

  private boolean allLed(List<String> names) throws InterruptedException {
    try {
      return admin.describeTopics(names).allTopicNames().get().values().stream()
          .map(TopicDescription::partitions)
          .flatMap(List::stream)
          .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException notYetKnown) {
      return false;
    }
  }

  /** Only a log that is open tells. */
  private void awaitLogs(List<String> names) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (String name : names) {
      for (int partition = 0; partition < partitions; partition++) {
        wanted.put(new TopicPartition(name, partition), OffsetSpec.latest());
      }
    }
    admin.listOffsets(wanted).all().get();
  }

  @Override
  public void close() {
    admin.close();
  }
}
