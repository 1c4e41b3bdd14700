package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kafka-get-offsets}: an offset of each partition. Confined to: the main thread. */
@Command(
    name = "kafka-get-offsets",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Prints an offset of each partition as topic:partition:offset.")
final class KafkaGetOffsets implements Callable<Integer>, KafkaTools.RunsWithoutArguments {
  /** A leader is elected within this; the client would ask for a minute without a pause. */
  private static final int LEADER_WAIT_MS = 5_000;

  private final Shell shell;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(
      names = "--topic",
      paramLabel = "REGEX",
      description = "Topics, by a regular expression. Default: all.")
  private @Nullable String topic;

  @Option(
      names = "--partitions",
      paramLabel = "N[,...]",
      description = "Partitions of these topics. Default: all.")
  private @Nullable String partitions;

  @Option(
      names = "--topic-partitions",
      paramLabel = "PATTERN[,...]",
      description = "Instead of both: topic, topic:1, topic:0-3, topic:5-, :-3, …")
  private @Nullable String patterns;

  @Option(
      names = "--time",
      paramLabel = "WHEN",
      defaultValue = "latest",
      description =
          "latest (-1), earliest (-2), max-timestamp (-3), earliest-local (-4), latest-tiered"
              + " (-5), earliest-pending-upload (-6), or milliseconds since 1970. Default: latest.")
  private String time = "latest";

  @Option(names = "--exclude-internal-topics", description = "Leaves internal topics out.")
  private boolean withoutInternal;

  @Option(names = "--offsets", hidden = true, description = "Known, without effect.")
  private @Nullable Integer offsetCount;

  @Option(names = "--max-wait-ms", hidden = true, description = "Known, without effect.")
  private @Nullable Integer maxWaitMs;

  KafkaGetOffsets(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try {
      print();
      return 0;
    } catch (ToolException | KafkaException e) {
      ToolException known = Failures.explain(e, cluster.bootstrap(shell).servers());
      throw known.exitCode() == ToolException.NOT_REACHED
          ? known
          : known.saying("Error occurred: " + known.getMessage());
    }
  }

  private void print() {
    if (offsetCount != null || maxWaitMs != null) {
      shell.hint("--offsets and --max-wait-ms have no effect since Kafka 3.0 and were left out");
    }
    OffsetSpec wanted = OffsetTimes.parse(time);
    Predicate<TopicPartition> filter = filter();
    try (AdminSession session = cluster.open(shell, "GetOffsetShell")) {
      Map<TopicPartition, Boolean> found = partitions(session);
      found.keySet().removeIf(filter.negate());
      if (found.isEmpty()) {
        throw ToolException.failed(
                "Could not match any topic-partitions with the specified filters")
            .hint("See which topics there are with: kafka-topics --list");
      }
      offsets(session, found, wanted)
          .forEach((partition, offset) -> shell.out().println(line(partition, offset)));
    }
  }

  private Predicate<TopicPartition> filter() {
    if (patterns == null) {
      return PartitionPatterns.of(topic, partitions);
    }
    if (topic != null || partitions != null) {
      throw ToolException.wrongUsage(
          "--topic-partitions cannot be used with --topic or --partitions");
    }
    return PartitionPatterns.parse(patterns);
  }

  /** All partitions, and whether each has a leader. */
  private Map<TopicPartition, Boolean> partitions(AdminSession session) {
    ListTopicsOptions options = new ListTopicsOptions().listInternal(!withoutInternal);
    Set<String> names = await(session.admin().listTopics(options).names());
    Map<TopicPartition, Boolean> led =
        new TreeMap<>(Comparator.comparing(TopicPartition::toString));
    await(session.admin().describeTopics(names).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(
                        one ->
                            led.put(
                                new TopicPartition(name, one.partition()), one.leader() != null)));
    return led;
  }

  private Map<TopicPartition, Long> offsets(
      AdminSession session, Map<TopicPartition, Boolean> found, OffsetSpec wanted) {
    ListOffsetsResult led = ask(session, found, true, wanted, new ListOffsetsOptions());
    ListOffsetsResult others =
        ask(session, found, false, wanted, new ListOffsetsOptions().timeoutMs(LEADER_WAIT_MS));
    Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
    found.forEach(
        (partition, hasLeader) -> {
          try {
            long offset = await((hasLeader ? led : others).partitionResult(partition)).offset();
            if (offset >= 0) {
              offsets.put(partition, offset);
            }
          } catch (KafkaException e) {
            KafkaException why =
                !hasLeader && e instanceof TimeoutException
                    ? new LeaderNotAvailableException("The partition has no leader.")
                    : e;
            shell.error(
                "Skip getting offsets for topic-partition " + partition + " due to error: " + why);
          }
        });
    return offsets;
  }

  private static ListOffsetsResult ask(
      AdminSession session,
      Map<TopicPartition, Boolean> found,
      boolean led,
      OffsetSpec wanted,
      ListOffsetsOptions options) {
    return session
        .admin()
        .listOffsets(
            found.entrySet().stream()
                .filter(one -> one.getValue() == led)
                .collect(Collectors.toMap(Map.Entry::getKey, one -> wanted)),
            options);
  }

  private static String line(TopicPartition partition, long offset) {
    return partition.topic() + ":" + partition.partition() + ":" + offset;
  }
}
