package io.millrace.cli.command;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.PartitionLag;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;

/** How a group is shown. Immutable. */
record GroupView(ConsumerGroupDescription group, List<PartitionLag> partitions) {
  private static final String NONE = "-";

  /**
   * Finds groups.
   *
   * @param names which; all when empty
   * @throws ToolException when one does not exist; names it
   */
  static List<ConsumerGroupDescription> find(List<String> names, GroupAccess access) {
    List<String> wanted = names.isEmpty() ? access.names() : names;
    Map<String, ConsumerGroupDescription> found = access.describe(wanted);
    for (String name : wanted) {
      if (!found.containsKey(name) && !names.isEmpty()) {
        throw ToolException.failed("There is no group '" + name + "'.")
            .hint("millrace groups list shows those there are");
      }
    }
    return List.copyOf(found.values());
  }

  /** How far the group is behind in all partitions where that is known. */
  long totalLag() {
    return partitions.stream()
        .map(PartitionLag::lag)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .sum();
  }

  /** A line above the table, for people. */
  String title(boolean colours) {
    String state = group.groupState().toString();
    String bold = colours ? "\033[1m" : "";
    String paint =
        colours ? "\033[" + (group.groupState() == GroupState.STABLE ? 32 : 33) + "m" : "";
    String end = colours ? "\033[0m" : "";
    int members = group.members().size();
    return bold
        + group.groupId()
        + end
        + "  "
        + paint
        + state
        + end
        + "  "
        + members
        + (members == 1 ? " member" : " members")
        + ", coordinator "
        + coordinator()
        + ", lag "
        + bold
        + totalLag()
        + end;
  }

  private String coordinator() {
    Node node = group.coordinator();
    return node.host() + ":" + node.port() + " (" + node.idString() + ")";
  }

  /** A row per partition. */
  void addTo(Listing listing) {
    for (PartitionLag one : partitions) {
      listing.add(
          group.groupId(),
          one.partition().topic(),
          one.partition().partition(),
          cell(one.committed()),
          cell(one.end()),
          cell(one.lag()),
          one.member().map(MemberDescription::clientId).orElse(NONE),
          one.member().map(MemberDescription::host).orElse(NONE));
    }
  }

  /** The table that {@link #addTo} fills. */
  static Listing emptyTable() {
    return Listing.of("group", "topic", "partition", "offset", "end", "lag", "client", "host");
  }

  private static Object cell(OptionalLong number) {
    return number.isPresent() ? (Object) number.getAsLong() : NONE;
  }

  /** The group as JSON has it. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", group.groupId());
    json.put("state", group.groupState().toString());
    json.put("type", group.type().toString());
    json.put("assignor", group.partitionAssignor());
    json.put("coordinator", coordinator());
    json.put("members", group.members().size());
    json.put("lag", totalLag());
    List<Object> rows = new ArrayList<>();
    for (PartitionLag one : partitions) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("topic", one.partition().topic());
      row.put("partition", one.partition().partition());
      row.put("offset", number(one.committed()));
      row.put("end", number(one.end()));
      row.put("lag", number(one.lag()));
      row.put("client", one.member().map(MemberDescription::clientId).orElse(null));
      row.put("host", one.member().map(MemberDescription::host).orElse(null));
      rows.add(row);
    }
    json.put("partitions", rows);
    return json;
  }

  private static @org.jspecify.annotations.Nullable Object number(OptionalLong number) {
    return number.isPresent() ? (Object) number.getAsLong() : null;
  }

  /** What a member reads: {@code topic:0,1 other:0}. */
  static String assignment(MemberDescription member) {
    return member.assignment().topicPartitions().stream()
        .sorted(GroupAccess.ORDER)
        .collect(
            Collectors.groupingBy(
                one -> one.topic(),
                java.util.TreeMap::new,
                Collectors.mapping(
                    one -> String.valueOf(one.partition()), Collectors.joining(","))))
        .entrySet()
        .stream()
        .map(one -> one.getKey() + ":" + one.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Prints groups as it was asked for. */
  static void print(List<GroupView> groups, Shell shell) {
    if (!shell.outIsTerminal()) {
      Listing listing = emptyTable();
      groups.forEach(group -> group.addTo(listing));
      listing.print(shell, false);
      return;
    }
    for (int i = 0; i < groups.size(); i++) {
      GroupView group = groups.get(i);
      shell.out().print(i > 0 ? "\n" : "");
      shell.out().println(group.title(shell.coloursOut()));
      if (!group.partitions.isEmpty()) {
        Listing listing = emptyTable();
        group.addTo(listing);
        listing.print(shell, false);
      }
    }
  }
}
