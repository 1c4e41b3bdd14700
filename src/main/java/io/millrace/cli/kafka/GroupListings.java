package io.millrace.cli.kafka;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.jspecify.annotations.Nullable;

/** Prints which groups there are, as Kafka's tool does it. Confined to: the main thread. */
final class GroupListings {
  private static final int NAME_MIN = 15;
  private static final int GAP = 10;
  private static final Set<GroupType> TYPES = Set.of(GroupType.CLASSIC, GroupType.CONSUMER);

  private final Shell shell;
  private final GroupAccess access;

  GroupListings(Shell shell, GroupAccess access) {
    this.shell = shell;
    this.access = access;
  }

  void print(ConsumerGroupOptions options) {
    Set<GroupState> states = states(options.state);
    Set<GroupType> types = types(options.type);
    List<GroupListing> groups = access.list(states, types);
    if (options.state == null && options.type == null) {
      groups.forEach(group -> shell.out().println(group.groupId()));
      return;
    }
    int width =
        GAP + groups.stream().mapToInt(one -> one.groupId().length()).reduce(NAME_MIN, Math::max);
    StringBuilder head = new StringBuilder(padded("GROUP", width));
    if (options.type != null) {
      head.append(' ').append(padded("TYPE", 20));
    }
    if (options.state != null) {
      head.append(' ').append(padded("STATE", 20));
    }
    shell.out().println(head);
    for (GroupListing group : groups) {
      StringBuilder row = new StringBuilder(padded(group.groupId(), width));
      if (options.type != null) {
        row.append(' ').append(padded(group.type().orElse(GroupType.UNKNOWN).toString(), 20));
      }
      if (options.state != null) {
        row.append(' ')
            .append(padded(group.groupState().orElse(GroupState.UNKNOWN).toString(), 20));
      }
      shell.out().println(row);
    }
  }

  private static String padded(String text, int width) {
    return ("%-" + width + "s").formatted(text);
  }

  /** The states that are named; none for all. */
  static Set<GroupState> states(@Nullable String text) {
    Set<GroupState> valid = GroupState.groupStatesForType(GroupType.CONSUMER);
    return named(text, GroupState::parse, valid, "state");
  }

  /** The types that are named; none for all. */
  static Set<GroupType> types(@Nullable String text) {
    return named(
        text == null ? null : text.toLowerCase(Locale.ROOT), GroupType::parse, TYPES, "types");
  }

  private static <T> Set<T> named(
      @Nullable String text, Function<String, T> parser, Set<T> valid, String what) {
    if (text == null || text.isBlank()) {
      return Set.of();
    }
    Set<T> parsed =
        Arrays.stream(text.split(","))
            .map(one -> parser.apply(one.strip()))
            .collect(Collectors.toSet());
    if (!valid.containsAll(parsed)) {
      String names =
          valid.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
      throw ToolException.wrongUsage(
          "Invalid "
              + what
              + " list '"
              + text
              + "'. Valid "
              + (what.equals("state") ? "states" : what)
              + " are: "
              + names);
    }
    return parsed;
  }
}
