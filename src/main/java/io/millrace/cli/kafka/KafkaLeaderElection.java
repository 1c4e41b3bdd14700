package io.millrace.cli.kafka;

import io.millrace.cli.reassign.Elections;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kafka-leader-election}: has leaders elected. Confined to: the main thread. */
@Command(
    name = "kafka-leader-election",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description =
        "Makes preferred replicas the leaders, or elects leaders for partitions that have none.")
final class KafkaLeaderElection implements Callable<Integer> {
  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(
      names = "--admin.config",
      paramLabel = "FILE",
      description = "Older name of --command-config.")
  private @Nullable Path olderFile;

  @Option(
      names = "--election-type",
      paramLabel = "TYPE",
      description =
          "preferred: the first of the replicas is to lead. unclean: any replica may lead, at the"
              + " price of records that only the lost ones had.")
  private @Nullable ElectionType type;

  @Option(names = "--all-topic-partitions", description = "All partitions there are.")
  private boolean all;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "One partition of this topic.")
  private @Nullable String topic;

  @Option(names = "--partition", paramLabel = "N", description = "With --topic: its number.")
  private @Nullable Integer partition;

  @Option(
      names = "--path-to-json-file",
      paramLabel = "FILE",
      description = "The partitions: {\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}")
  private @Nullable Path partitions;

  KafkaLeaderElection(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    check(OptionRules.of(Objects.requireNonNull(spec)));
    @Nullable Set<TopicPartition> wanted =
        partitions != null
            ? Elections.partitions(partitions)
            : topic == null
                ? null
                : Set.of(new TopicPartition(topic, Objects.requireNonNull(partition)));
    ElectionType asked = Objects.requireNonNull(type);
    try (AdminSession session = cluster.open(shell, olderFile, "leader-election")) {
      tell(Elections.hold(session, asked, wanted), asked);
    }
    return 0;
  }

  private void check(OptionRules rules) {
    if (type == null) {
      throw ToolException.wrongUsage("Missing required option(s): election-type")
          .hint("Add it, for example: --election-type preferred");
    }
    long ways =
        Stream.of("--topic", "--all-topic-partitions", "--path-to-json-file")
            .filter(rules::has)
            .count();
    if (ways != 1) {
      throw ToolException.wrongUsage(
              "One and only one of the following options is required: topic, all-topic-partitions,"
                  + " path-to-json-file")
          .hint("For example: --all-topic-partitions");
    }
    if (topic != null && partition == null) {
      throw ToolException.wrongUsage("Missing required option(s): partition")
          .hint("Add it, for example: --partition 0");
    }
    if (topic == null && partition != null) {
      throw ToolException.wrongUsage("Option partition is only allowed if topic is used")
          .hint("Add --topic TOPIC or leave --partition out.");
    }
  }

  private void tell(Elections outcome, ElectionType asked) {
    if (!outcome.elected().isEmpty()) {
      shell
          .out()
          .printf(
              "Successfully completed leader election (%s) for partitions %s%n",
              asked, joined(outcome.elected()));
    }
    if (!outcome.settled().isEmpty()) {
      shell
          .out()
          .println("Valid replica already elected for partitions " + joined(outcome.settled()));
    }
    outcome
        .failed()
        .forEach(
            (one, why) ->
                shell
                    .out()
                    .printf(
                        "Error completing leader election (%s) for partition: %s: %s%n",
                        asked, one, why));
    if (!outcome.failed().isEmpty()) {
      throw ToolException.failed(outcome.failed().size() + " replica(s) could not be elected");
    }
  }

  private static String joined(Collection<TopicPartition> some) {
    return some.stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
  }
}
