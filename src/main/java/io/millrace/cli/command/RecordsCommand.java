package io.millrace.cli.command;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.OffsetFile;
import io.millrace.cli.tool.RecordDeletion;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace records}: deletes records. Confined to: the main thread. */
@Command(
    name = "millrace records",
    sortOptions = false,
    subcommands = RecordsCommand.Delete.class,
    description = "Deletes the records of a partition before an offset.")
final class RecordsCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  RecordsCommand(Shell shell) {}

  @Override
  public Integer call() {
    throw ToolException.wrongUsage("Say what to do: delete")
        .hint("For example: millrace records delete hello.kafka 0 3");
  }

  /** {@code millrace records delete}. */
  @Command(
      name = "delete",
      sortOptions = false,
      description = {
        "Deletes the records of partitions before an offset.",
        "Single records cannot be deleted: only all from the first on."
      })
  static final class Delete implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
        arity = "0..3",
        paramLabel = "TOPIC PARTITION OFFSET",
        description = "Which, and the first offset to keep; 'end' deletes all there are.")
    private List<String> words = new ArrayList<>();

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "Instead: {\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":3}]}.")
    private @Nullable Path file;

    @Mixin private final Common common = new Common();

    Delete(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      Map<TopicPartition, Long> offsets = offsets();
      Listing listing = Listing.of("topic", "partition", "earliest");
      boolean failed = false;
      try (AdminSession session = common.open(shell)) {
        for (String topic : offsets.keySet().stream().map(TopicPartition::topic).toList()) {
          TopicSelection.named(session, List.of(topic), true);
        }
        var outcomes = RecordDeletion.before(offsets, session);
        for (var one : outcomes.entrySet()) {
          RecordDeletion.Outcome outcome = one.getValue();
          if (outcome.failure().isEmpty()) {
            listing.add(one.getKey().topic(), one.getKey().partition(), outcome.lowWatermark());
          } else {
            failed = true;
            shell.error(one.getKey() + ": " + Failures.sentence(outcome.failure().get()));
          }
        }
      }
      if (listing.size() > 0) {
        common.print(listing, shell);
      }
      return failed ? ToolException.FAILED : 0;
    }

    private Map<TopicPartition, Long> offsets() {
      if (file != null && words.isEmpty()) {
        return OffsetFile.read(file);
      }
      if (file != null || words.size() != 3) {
        throw ToolException.wrongUsage("Write TOPIC PARTITION OFFSET, or --file FILE")
            .hint("For example: millrace records delete hello.kafka 0 3");
      }
      try {
        long offset =
            words.get(2).equals("end")
                ? RecordDeletion.HIGH_WATERMARK
                : Long.parseLong(words.get(2));
        return Map.of(new TopicPartition(words.get(0), Integer.parseInt(words.get(1))), offset);
      } catch (NumberFormatException e) {
        throw ToolException.wrongUsage(
                "'%s %s' is no partition and offset".formatted(words.get(1), words.get(2)))
            .hint("Write numbers, for example: millrace records delete " + words.get(0) + " 0 3")
            .because(e);
      }
    }
  }
}
