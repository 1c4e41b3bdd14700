package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.OffsetFile;
import io.millrace.cli.tool.RecordDeletion;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code kafka-delete-records}: deletes the records before an offset. Confined to: the main thread.
 */
@Command(
    name = "kafka-delete-records",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Deletes the records of partitions before an offset; single records stay.")
final class KafkaDeleteRecords implements Callable<Integer> {
  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(
      names = "--offset-json-file",
      paramLabel = "FILE",
      description =
          "Which: {\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":3}],"
              + "\"version\":1}. Offset -1 deletes all there are.")
  private @Nullable Path file;

  KafkaDeleteRecords(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    OptionRules.of(Objects.requireNonNull(spec)).required("--offset-json-file", "delete.json");
    Map<TopicPartition, Long> offsets = OffsetFile.read(Objects.requireNonNull(file));
    try (AdminSession session = cluster.open(shell, "kafka-delete-records")) {
      shell.out().println("Executing records delete operation");
      Map<TopicPartition, RecordDeletion.Outcome> outcomes =
          RecordDeletion.before(offsets, session);
      shell.out().println("Records delete operation completed:");
      outcomes.forEach(
          (partition, outcome) ->
              shell.out().println("partition: " + partition + "\t" + text(outcome)));
    }
    // As in Kafka: what failed for a partition is told on its line.
    return 0;
  }

  private static String text(RecordDeletion.Outcome outcome) {
    return outcome
        .failure()
        .map(failure -> "error: " + failure)
        .orElseGet(() -> "low_watermark: " + outcome.lowWatermark());
  }
}
