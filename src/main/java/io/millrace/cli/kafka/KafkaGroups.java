package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kafka-groups}: groups of all types. Confined to: the main thread. */
@Command(
    name = "kafka-groups",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Lists groups of all types.")
final class KafkaGroups implements Callable<Integer> {
  private static final int COLUMN_MIN = 20;

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--list", description = "Lists the groups.")
  private boolean list;

  @Option(
      names = "--group-type",
      paramLabel = "TYPE",
      description = "Only groups of a type: classic, consumer, share or streams.")
  private @Nullable String type;

  @Option(names = "--protocol", paramLabel = "TYPE", description = "Only groups of a protocol.")
  private @Nullable String protocol;

  @Option(names = "--consumer", description = "Only groups of consumers, old and new.")
  private boolean consumer;

  @Option(names = "--share", description = "Only share groups.")
  private boolean share;

  @Option(names = "--streams", description = "Only streams groups.")
  private boolean streams;

  KafkaGroups(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    OptionRules rules = OptionRules.of(Objects.requireNonNull(spec));
    rules.oneAction(
        "Command must include exactly one action: --list.", "kafka-groups --list", "--list");
    GroupType wanted = type == null ? null : GroupType.parse(type);
    if (wanted == GroupType.UNKNOWN) {
      throw ToolException.wrongUsage("--group-type must be a valid group type.")
          .hint("Write classic, consumer, share or streams.");
    }
    rules.excludes("--consumer", "--group-type", "--protocol", "--share", "--streams");
    rules.excludes("--share", "--consumer", "--group-type", "--protocol", "--streams");
    rules.excludes("--streams", "--consumer", "--group-type", "--protocol", "--share");
    try (AdminSession session = cluster.open(shell, "kafka-groups")) {
      print(
          await(session.admin().listGroups().all()).stream()
              .filter(group -> isWanted(group, wanted))
              .toList());
      return 0;
    } catch (KafkaException e) {
      ToolException known = Failures.explain(e, cluster.bootstrap(shell).servers());
      shell.out().println("Error while executing groups command : " + known.getMessage());
      known.hint().ifPresent(shell::hint);
      return ToolException.FAILED;
    }
  }

  private boolean isWanted(GroupListing group, @Nullable GroupType wanted) {
    GroupType itsType = group.type().orElse(GroupType.UNKNOWN);
    if (wanted != null || protocol != null) {
      return (wanted == null || itsType == wanted)
          && (protocol == null || protocol.equals(group.protocol()));
    }
    boolean consumes =
        group.protocol().equals("consumer")
            || group.protocol().isEmpty()
            || itsType == GroupType.CONSUMER;
    return (!consumer || consumes)
        && (!share || itsType == GroupType.SHARE)
        && (!streams || itsType == GroupType.STREAMS);
  }

  private void print(Collection<GroupListing> groups) {
    List<List<String>> rows =
        groups.stream()
            .map(
                group ->
                    List.of(
                        group.groupId(),
                        group.type().map(GroupType::toString).orElse(""),
                        group.protocol()))
            .toList();
    int width =
        rows.stream().flatMap(List::stream).mapToInt(String::length).reduce(COLUMN_MIN, Math::max);
    String column = "%-" + width + "s";
    shell.out().printf(column + " " + column + " " + column + "%n", "GROUP", "TYPE", "PROTOCOL");
    for (List<String> row : rows) {
      Stream<String> cells = row.stream().map(cell -> column.formatted(cell) + " ");
      shell.out().println(cells.reduce("", String::concat));
    }
  }
}
