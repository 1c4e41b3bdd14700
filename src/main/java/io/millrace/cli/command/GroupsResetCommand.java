package io.millrace.cli.command;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.OffsetReset;
import io.millrace.cli.group.PointInTime;
import io.millrace.cli.group.ResetSteps;
import io.millrace.cli.group.ResetSteps.Step;
import io.millrace.cli.group.TopicScope;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace groups reset}. Confined to: the main thread. */
@Command(
    name = "reset",
    sortOptions = false,
    description = "Sets the offsets of a group that has no members; first shows what that does.")
final class GroupsResetCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
  private String group = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TOPIC[:N,...]",
      description = "Topics or some of their partitions. Default: all that the group has read.")
  private List<String> topics = List.of();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Where where = new Where();

  @Option(names = "--execute", description = "Does it. Without, nothing is changed.")
  private boolean execute;

  @Mixin private final Common common = new Common();

  /** The ways to say where the offsets go. */
  private static final class Where {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "WHERE",
        description = "earliest, latest, an offset, or a time: YYYY-MM-DDThh:mm:ss (UTC).")
    private @Nullable String to;

    @Option(
        names = "--shift-by",
        required = true,
        paramLabel = "N",
        description = "So many records forward, or back if less than 0.")
    private @Nullable Long shiftBy;

    @Option(
        names = "--by-duration",
        required = true,
        paramLabel = "DURATION",
        description = "To what was new so long ago, for example PT1H.")
    private @Nullable String byDuration;

    OffsetReset reset() {
      if (shiftBy != null) {
        return new OffsetReset.ShiftBy(shiftBy);
      }
      if (byDuration != null) {
        return new OffsetReset.ToTime(
            System.currentTimeMillis() - PointInTime.duration(byDuration));
      }
      return to(String.valueOf(to));
    }
  }

  GroupsResetCommand(Shell shell) {
    this.shell = shell;
  }

  /** Where a word leads. */
  static OffsetReset to(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "earliest", "start", "beginning" -> new OffsetReset.ToEarliest();
      case "latest", "end" -> new OffsetReset.ToLatest();
      default ->
          text.matches("\\d{1,18}")
              ? new OffsetReset.ToOffset(Long.parseLong(text))
              : new OffsetReset.ToTime(time(text));
    };
  }

  private static long time(String text) {
    try {
      return PointInTime.dateTime(text);
    } catch (ToolException e) {
      throw ToolException.wrongUsage("--to does not take '" + text + "'.")
          .hint("Write earliest, latest, an offset, or a time such as 2026-11-01T08:00:00.")
          .because(e);
    }
  }

  @Override
  public Integer call() {
    OffsetReset reset = where.reset();
    try (AdminSession session = common.open(shell)) {
      GroupAccess access = new GroupAccess(session, GroupsListCommand.TIMEOUT_MS);
      checkNobodyReads(access);
      Collection<TopicPartition> partitions =
          topics.isEmpty()
              ? access.committed(group).keySet()
              : TopicScope.parse(topics).resolve(access);
      if (partitions.isEmpty()) {
        throw ToolException.failed("The group '" + group + "' has no offsets yet.")
            .hint("Name the topics: millrace groups reset " + group + " TOPIC --to …");
      }
      SortedMap<TopicPartition, Step> steps = ResetSteps.plan(group, partitions, reset, access);
      common.print(table(steps), shell);
      if (!execute) {
        shell.hint("nothing was changed yet; add --execute to do it");
        return 0;
      }
      access.commit(
          group,
          steps.entrySet().stream()
              .collect(Collectors.toMap(one -> one.getKey(), one -> one.getValue().target())));
    }
    return 0;
  }

  private void checkNobodyReads(GroupAccess access) {
    ConsumerGroupDescription described = access.describe(List.of(group)).get(group);
    if (described != null && described.groupState() != GroupState.EMPTY) {
      int members = described.members().size();
      throw ToolException.failed(
              "The group '"
                  + group
                  + "' is "
                  + described.groupState()
                  + " with "
                  + members
                  + (members == 1 ? " member" : " members")
                  + ", so its offsets cannot be reset.")
          .hint("Stop its members first; millrace groups members " + group + " shows them.");
    }
  }

  private static Listing table(SortedMap<TopicPartition, Step> steps) {
    Listing listing = Listing.of("topic", "partition", "old", "new", "change", "note");
    steps.forEach(
        (partition, step) -> {
          boolean known = step.position().committed().isPresent();
          long old = step.position().committed().orElse(0);
          String note = step.asked() == step.target() ? "" : step.asked() + " is outside the log";
          listing.add(
              partition.topic(),
              partition.partition(),
              known ? (Object) old : "-",
              step.target(),
              known ? change(step.target() - old) : "-",
              note);
        });
    return listing;
  }

  private static String change(long records) {
    return records > 0 ? "+" + records : String.valueOf(records);
  }
}
