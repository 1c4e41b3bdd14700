package io.millrace.cli.kafka;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.OffsetReset;
import io.millrace.cli.group.OffsetReset.ToTime;
import io.millrace.cli.group.PointInTime;
import io.millrace.cli.group.ResetPlanText;
import io.millrace.cli.group.ResetSteps;
import io.millrace.cli.group.ResetSteps.Step;
import io.millrace.cli.group.TopicScope;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** Resets the offsets of groups and tells it as Kafka does. Confined to: the main thread. */
final class GroupResets {
  private static final int MIN = 15;

  private final Shell shell;
  private final PrintStream out;
  private final GroupAccess access;

  GroupResets(Shell shell, GroupAccess access) {
    this.shell = shell;
    this.out = shell.out();
    this.access = access;
  }

  /** Resets them, or only shows it; returns whether all of them could be. */
  boolean reset(List<String> groups, ConsumerGroupOptions options) {
    Map<String, Map<TopicPartition, Long>> plans =
        options.fromFile == null
            ? Map.of()
            : ResetPlanText.parse(content(options.fromFile), options.groups);
    Map<String, ConsumerGroupDescription> known = access.describe(groups);
    Map<String, Map<TopicPartition, Long>> done = new TreeMap<>();
    boolean complete = true;
    for (String group : groups) {
      ConsumerGroupDescription described = known.get(group);
      if (described != null && described.groupState() != GroupState.EMPTY) {
        printError(
            "Assignments can only be reset if the group '"
                + group
                + "' is inactive, but the current state is "
                + described.groupState()
                + ".");
        complete = false;
        done.put(group, Map.of());
      } else if (options.fromFile != null && !plans.containsKey(group)) {
        printError("No reset plan for group " + group + " found");
        complete = false;
        done.put(group, Map.of());
      } else {
        done.put(group, resetInactive(group, plans.getOrDefault(group, Map.of()), options));
      }
    }
    print(done, options);
    return complete;
  }

  private Map<TopicPartition, Long> resetInactive(
      String group, Map<TopicPartition, Long> plan, ConsumerGroupOptions options) {
    Collection<TopicPartition> partitions =
        options.fromFile != null
            ? plan.keySet()
            : options.allTopics
                ? access.committed(group).keySet()
                : TopicScope.parse(options.topics).resolve(access);
    OffsetReset reset = specification(options, plan);
    Map<TopicPartition, Long> offsets = new TreeMap<>(GroupAccess.ORDER);
    ResetSteps.plan(group, partitions, reset, access)
        .forEach(
            (partition, step) -> {
              warn(partition, step, reset);
              offsets.put(partition, step.target());
            });
    if (options.execute && !offsets.isEmpty()) {
      access.commit(group, offsets);
    }
    return offsets;
  }

  /** Where the offsets are to be set. */
  static OffsetReset specification(ConsumerGroupOptions options, Map<TopicPartition, Long> plan) {
    if (options.toOffset != null) {
      return new OffsetReset.ToOffset(options.toOffset);
    }
    if (options.shiftBy != null) {
      return new OffsetReset.ShiftBy(options.shiftBy);
    }
    if (options.toDateTime != null) {
      return new ToTime(PointInTime.dateTime(options.toDateTime));
    }
    if (options.byDuration != null) {
      return new ToTime(System.currentTimeMillis() - PointInTime.duration(options.byDuration));
    }
    if (options.toEarliest) {
      return new OffsetReset.ToEarliest();
    }
    if (options.toLatest) {
      return new OffsetReset.ToLatest();
    }
    return options.toCurrent ? new OffsetReset.ToCurrent() : new OffsetReset.ToPlan(plan);
  }

  private void warn(TopicPartition partition, Step step, OffsetReset reset) {
    if (reset instanceof ToTime && step.position().timed().isEmpty()) {
      out.println(
          "\nWarn: Partition "
              + partition.partition()
              + " from topic "
              + partition.topic()
              + " is empty. Falling back to latest known offset.");
    }
    if (step.asked() != step.target()) {
      boolean high = step.asked() > step.target();
      shell
          .err()
          .println(
              "WARN New offset ("
                  + step.asked()
                  + ") is "
                  + (high ? "higher than latest" : "lower than earliest")
                  + " offset for topic partition "
                  + partition
                  + ". Value will be set to "
                  + step.target());
    }
  }

  private void print(Map<String, Map<TopicPartition, Long>> offsets, ConsumerGroupOptions options) {
    if (options.export) {
      boolean single = options.groups.size() == 1;
      offsets.forEach(
          (group, of) ->
              of.forEach(
                  (one, offset) ->
                      out.println(
                          single
                              ? ResetPlanText.line(one, offset)
                              : ResetPlanText.line(group, one, offset))));
      out.println();
      return;
    }
    int group = offsets.keySet().stream().mapToInt(String::length).reduce(MIN, Math::max);
    int topic =
        offsets.values().stream()
            .flatMap(of -> of.keySet().stream())
            .mapToInt(one -> one.topic().length())
            .reduce(MIN, Math::max);
    String format = "%n%" + -group + "s %" + -topic + "s %-10s %s";
    if (!offsets.isEmpty()) {
      out.print(format.formatted("GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"));
    }
    offsets.forEach(
        (name, of) ->
            of.forEach(
                (one, offset) ->
                    out.print(format.formatted(name, one.topic(), one.partition(), offset))));
    out.println();
  }

  private void printError(String sentence) {
    out.println("\nError: " + sentence);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw ToolException.wrongUsage("The file " + file + " cannot be read: " + e.getMessage())
          .because(e);
    }
  }
}
