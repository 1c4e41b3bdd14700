package io.millrace.cli.kafka;

import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code kafka-consumer-groups}. Confined to: the main thread. */
final class ConsumerGroupOptions {
  /** What an option that may have a value holds when it has none. */
  static final String NO_VALUE = "";

  @Option(names = "--list", description = "Lists all consumer groups.")
  boolean list;

  @Option(
      names = "--describe",
      description = "Shows where groups are in their partitions, and how far behind.")
  boolean describe;

  @Option(names = "--delete", description = "Deletes groups with their offsets.")
  boolean delete;

  @Option(
      names = "--reset-offsets",
      description =
          "Sets the offsets of groups that have no active members. Needs one of --to-… and the"
              + " like, and --topic or --all-topics. Only shows what would be done, unless"
              + " --execute is given.")
  boolean resetOffsets;

  @Option(
      names = "--delete-offsets",
      description = "Deletes the offsets of a group in the topics of --topic.")
  boolean deleteOffsets;

  @Option(
      names = "--validate-regex",
      paramLabel = "REGEX",
      description = "Says whether a regular expression may be subscribed to.")
  @Nullable String regex;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "A consumer group. Can be repeated.")
  List<String> groups = new ArrayList<>();

  @Option(names = "--all-groups", description = "All consumer groups.")
  boolean allGroups;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC[:N,...]",
      description = "A topic, or some partitions of it, to reset or to delete. Can be repeated.")
  List<String> topics = new ArrayList<>();

  @Option(names = "--all-topics", description = "All topics that the group has offsets of.")
  boolean allTopics;

  @Option(names = "--offsets", description = "With --describe: offsets and lag, the default.")
  boolean offsets;

  @Option(names = "--members", description = "With --describe: the members.")
  boolean members;

  @Option(
      names = "--state",
      arity = "0..1",
      fallbackValue = NO_VALUE,
      paramLabel = "STATE[,...]",
      description =
          "With --describe: state and coordinator. With --list: the states, or only groups in"
              + " these.")
  @Nullable String state;

  @Option(
      names = "--type",
      arity = "0..1",
      fallbackValue = NO_VALUE,
      paramLabel = "TYPE[,...]",
      description = "With --list: the types, or only groups of these (classic, consumer).")
  @Nullable String type;

  @Option(names = "--verbose", description = "With --describe: more columns.")
  boolean verbose;

  @Option(names = "--to-earliest", description = "To the first record.")
  boolean toEarliest;

  @Option(names = "--to-latest", description = "Behind the last record.")
  boolean toLatest;

  @Option(names = "--to-current", description = "To where the group is.")
  boolean toCurrent;

  @Option(names = "--to-offset", paramLabel = "OFFSET", description = "To an offset.")
  @Nullable Long toOffset;

  @Option(
      names = "--shift-by",
      paramLabel = "N",
      description = "So many records forward, or back if less than 0.")
  @Nullable Long shiftBy;

  @Option(
      names = "--to-datetime",
      paramLabel = "TIME",
      description = "To the first record since YYYY-MM-DDThh:mm:ss.sss (UTC).")
  @Nullable String toDateTime;

  @Option(
      names = "--by-duration",
      paramLabel = "DURATION",
      description = "To the first record of the last PnDTnHnMnS.")
  @Nullable String byDuration;

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "To the offsets of a file that --export wrote.")
  @Nullable Path fromFile;

  @Option(names = "--dry-run", description = "Only shows what a reset would do, the default.")
  boolean dryRun;

  @Option(names = "--execute", description = "Does the reset.")
  boolean execute;

  @Option(names = "--export", description = "Prints the offsets of a reset as CSV.")
  boolean export;

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      defaultValue = "30000",
      description = "How long to wait for an answer. Default: 30000.")
  long timeoutMs = 30_000;

  @Option(names = "--new-consumer", hidden = true, description = "Of Kafka 0.9 to 1.1.")
  boolean newConsumer;

  /**
   * Looks whether the options go together.
   *
   * @throws ToolException when they do not
   */
  void check(Shell shell) {
    if (newConsumer) {
      shell.hint("--new-consumer is not needed: there is no other");
    }
    boolean validates = regex != null;
    if (KafkaConsumerGroups.count(list, describe, delete, resetOffsets, deleteOffsets, validates)
        != 1) {
      throw ToolException.wrongUsage(
          "Command must include exactly one action: --list, --describe, --delete,"
              + " --reset-offsets, --delete-offsets, --validate-regex");
    }
    checkGroups();
    checkWhatIsShown();
    if (resetOffsets) {
      checkReset(shell);
    }
    if (delete && !topics.isEmpty()) {
      throw ToolException.wrongUsage(
              "The consumer does not support topic-specific offset deletion from a consumer group.")
          .hint("Offsets of a topic are deleted with --delete-offsets --group G --topic T.");
    }
  }

  private void checkGroups() {
    if ((describe || delete || resetOffsets) && groups.isEmpty() && !allGroups) {
      String action = describe ? "describe" : delete ? "delete" : "reset-offsets";
      throw ToolException.wrongUsage(
          "Option [" + action + "] takes one of these options: [group], [all-groups]");
    }
    if (deleteOffsets && (groups.isEmpty() || topics.isEmpty())) {
      throw ToolException.wrongUsage(
          "Option [delete-offsets] takes the following options: [group], [topic]");
    }
    if (!groups.isEmpty() && allGroups) {
      throw ToolException.wrongUsage(
          "Option \"[group]\" can't be used with option \"[all-groups]\"");
    }
    if (list && !groups.isEmpty()) {
      throw ToolException.wrongUsage("Option \"[group]\" can't be used with option \"[list]\"");
    }
    if (!topics.isEmpty() && (list || describe)) {
      throw ToolException.wrongUsage(
          "Option \"[topic]\" can't be used with option \"["
              + (list ? "list" : "describe")
              + "]\"");
    }
  }

  private void checkWhatIsShown() {
    if (KafkaConsumerGroups.count(members, offsets, state != null && describe) > 1) {
      throw ToolException.wrongUsage(
          "Option [describe] takes at most one of these options: [members], [offsets], [state]");
    }
    if (describe && state != null && !state.equals(NO_VALUE)) {
      throw ToolException.wrongUsage("Option [describe] does not take a value for [state]");
    }
    if (!describe && (members || offsets || verbose)) {
      throw ToolException.wrongUsage("--members, --offsets and --verbose belong to --describe");
    }
    if (!list && type != null || !list && !describe && state != null) {
      throw ToolException.wrongUsage("--state and --type belong to --list");
    }
    if (list) {
      GroupListings.states(state);
      GroupListings.types(type);
    }
  }

  private void checkReset(Shell shell) {
    if (dryRun && execute) {
      throw ToolException.wrongUsage(
          "Option [reset-offsets] only accepts one of [execute] and [dry-run]");
    }
    long ways =
        KafkaConsumerGroups.count(
            toEarliest,
            toLatest,
            toCurrent,
            toOffset != null,
            shiftBy != null,
            toDateTime != null,
            byDuration != null,
            fromFile != null);
    if (ways != 1) {
      throw ToolException.wrongUsage(
              "Option [reset-offsets] requires one of the following scenarios: [to-offset],"
                  + " [to-earliest], [to-latest], [to-current], [to-datetime], [by-duration],"
                  + " [shift-by], [from-file]")
          .hint("For example: --reset-offsets --group G --topic T --to-earliest --execute");
    }
    if (!allTopics && topics.isEmpty() && fromFile == null) {
      throw ToolException.wrongUsage(
          "One of the reset scopes should be defined: --all-topics, --topic.");
    }
    if (!dryRun && !execute) {
      shell.hint("nothing is changed without --execute; --dry-run says that this is meant");
    }
  }
}
