package io.millrace.cli.command;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace groups list}. Confined to: the main thread. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Lists groups with their state and how many members they have.")
final class GroupsListCommand implements Callable<Integer> {
  static final int TIMEOUT_MS = 30_000;

  private final Shell shell;

  @Option(
      names = "--state",
      split = ",",
      paramLabel = "STATE[,...]",
      description = "Only groups in these states, for example stable or empty.")
  private List<String> states = List.of();

  @Mixin private final Common common = new Common();

  GroupsListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("group", "state", "type", "members");
    try (AdminSession session = common.open(shell)) {
      GroupAccess access = new GroupAccess(session, TIMEOUT_MS);
      List<GroupListing> groups =
          access.list(Set.of(), Set.of()).stream().filter(this::wanted).toList();
      Map<String, ConsumerGroupDescription> described =
          access.describe(groups.stream().map(GroupListing::groupId).toList());
      for (GroupListing group : groups) {
        ConsumerGroupDescription one = described.get(group.groupId());
        listing.add(
            group.groupId(),
            state(group),
            group.type().orElse(GroupType.UNKNOWN).toString(),
            one == null ? 0 : one.members().size());
      }
    }
    common.print(listing, shell);
    return 0;
  }

  private boolean wanted(GroupListing group) {
    return states.isEmpty() || states.stream().anyMatch(state(group)::equalsIgnoreCase);
  }

  private static String state(GroupListing group) {
    return group.groupState().orElse(GroupState.UNKNOWN).toString();
  }
}
