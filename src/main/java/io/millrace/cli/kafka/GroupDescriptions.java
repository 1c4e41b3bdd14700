package io.millrace.cli.kafka;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.GroupLag;
import io.millrace.cli.group.PartitionLag;
import io.millrace.cli.tool.Shell;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.Node;

/**
 * Prints groups as Kafka's tool does it: which stream each text goes to, widths of the columns and
 * empty lines included. Confined to: the main thread.
 */
final class GroupDescriptions {
  private static final String NONE = "-";
  private static final int MIN = 15;

  private final Shell shell;
  private final PrintStream out;
  private final GroupAccess access;

  GroupDescriptions(Shell shell, GroupAccess access) {
    this.shell = shell;
    this.out = shell.out();
    this.access = access;
  }

  /** Prints them; returns whether all of them exist. */
  boolean print(List<String> groups, ConsumerGroupOptions options) {
    Map<String, ConsumerGroupDescription> found = access.describe(groups);
    boolean withOffsets = !options.members && options.state == null;
    Map<String, List<PartitionLag>> lags =
        withOffsets ? GroupLag.of(found.values(), access) : Map.of();
    boolean complete = true;
    for (String name : new TreeSet<>(groups)) {
      ConsumerGroupDescription group = found.get(name);
      if (group == null) {
        out.println("\nError: Consumer group '" + name + "' does not exist.");
        complete = false;
      } else if (options.members) {
        sayState(group);
        MemberTable.print(group, options.verbose, out);
      } else if (options.state != null) {
        sayState(group);
        printState(group, options.verbose);
      } else {
        printOffsets(group, lags.getOrDefault(name, List.of()), options.verbose);
      }
    }
    if (!complete) {
      shell.hint("kafka-consumer-groups --list shows the groups there are");
    }
    return complete;
  }

  /** Says when a group is not in its usual state. */
  private void sayState(ConsumerGroupDescription group) {
    out.flush();
    String text =
        switch (group.groupState()) {
          case EMPTY -> "\nConsumer group '" + group.groupId() + "' has no active members.";
          case PREPARING_REBALANCE, COMPLETING_REBALANCE, ASSIGNING, RECONCILING ->
              "\nWarning: Consumer group '" + group.groupId() + "' is rebalancing.";
          default -> "";
        };
    if (!text.isEmpty()) {
      shell.err().println(text);
    }
  }

  private void printOffsets(
      ConsumerGroupDescription group, List<PartitionLag> rows, boolean verbose) {
    sayState(group);
    if (rows.isEmpty()) {
      return;
    }
    String format = offsetFormat(group.groupId(), rows, verbose);
    out.print(format.formatted(heads(verbose)));
    rows.forEach(row -> out.print(format.formatted(cells(group.groupId(), row, verbose))));
    out.println();
  }

  private static Object[] heads(boolean verbose) {
    return verbose
        ? new Object[] {
          "GROUP",
          "TOPIC",
          "PARTITION",
          "LEADER-EPOCH",
          "CURRENT-OFFSET",
          "LOG-END-OFFSET",
          "LAG",
          "CONSUMER-ID",
          "HOST",
          "CLIENT-ID"
        }
        : new Object[] {
          "GROUP",
          "TOPIC",
          "PARTITION",
          "CURRENT-OFFSET",
          "LOG-END-OFFSET",
          "LAG",
          "CONSUMER-ID",
          "HOST",
          "CLIENT-ID"
        };
  }

  private static String offsetFormat(String group, List<PartitionLag> rows, boolean verbose) {
    int topic = MIN;
    int consumer = MIN;
    int host = MIN;
    for (PartitionLag row : rows) {
      topic = Math.max(topic, row.partition().topic().length());
      consumer = Math.max(consumer, consumerId(row).length());
      host = Math.max(host, host(row).length());
    }
    return "\n%"
        + -Math.max(MIN, group.length())
        + "s %"
        + -topic
        + "s %-10s"
        + (verbose ? " %-15s" : "")
        + " %-15s %-15s %-15s %"
        + -consumer
        + "s %"
        + -host
        + "s %s";
  }

  private static Object[] cells(String group, PartitionLag row, boolean verbose) {
    String topic = row.partition().topic();
    int partition = row.partition().partition();
    String offset = row.committed().isPresent() ? "" + row.committed().getAsLong() : NONE;
    String end = row.end().isPresent() ? "" + row.end().getAsLong() : NONE;
    String lag = row.lag().isPresent() ? "" + row.lag().getAsLong() : NONE;
    String epoch = row.leaderEpoch().isPresent() ? "" + row.leaderEpoch().getAsInt() : NONE;
    String client = row.member().map(MemberDescription::clientId).orElse(NONE);
    String consumer = consumerId(row);
    String host = host(row);
    return verbose
        ? new Object[] {group, topic, partition, epoch, offset, end, lag, consumer, host, client}
        : new Object[] {group, topic, partition, offset, end, lag, consumer, host, client};
  }

  private static String consumerId(PartitionLag row) {
    return row.member().map(MemberDescription::consumerId).orElse(NONE);
  }

  private static String host(PartitionLag row) {
    return row.member().map(MemberDescription::host).orElse(NONE);
  }

  private void printState(ConsumerGroupDescription group, boolean verbose) {
    Node node = group.coordinator();
    String coordinator = node.host() + ":" + node.port() + "  (" + node.idString() + ")";
    String assignor = group.partitionAssignor().isEmpty() ? NONE : group.partitionAssignor();
    String format =
        "\n%"
            + -Math.max(MIN, group.groupId().length())
            + "s %"
            + -Math.max(25, coordinator.length())
            + "s %-20s %-20s "
            + (verbose ? "%-15s %-25s " : "")
            + "%s";
    String state = group.groupState().toString();
    int members = group.members().size();
    if (verbose) {
      Object[] heads = {
        "GROUP",
        "COORDINATOR (ID)",
        "ASSIGNMENT-STRATEGY",
        "STATE",
        "GROUP-EPOCH",
        "TARGET-ASSIGNMENT-EPOCH",
        "#MEMBERS"
      };
      out.print(format.formatted(heads));
      String epoch = group.groupEpoch().map(Object::toString).orElse(NONE);
      String target = group.targetAssignmentEpoch().map(Object::toString).orElse(NONE);
      out.print(
          format.formatted(group.groupId(), coordinator, assignor, state, epoch, target, members));
    } else {
      out.print(
          format.formatted(
              "GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"));
      out.print(format.formatted(group.groupId(), coordinator, assignor, state, members));
    }
    out.println();
  }
}
