package io.millrace.cli.command;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace groups members}. Confined to: the main thread. */
@Command(
    name = "members",
    sortOptions = false,
    description = "Shows the members of groups and which partitions each reads.")
final class GroupsMembersCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "0..*", paramLabel = "GROUP", description = "Groups. Default: all.")
  private List<String> groups = List.of();

  @Mixin private final Common common = new Common();

  GroupsMembersCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("group", "client", "host", "count", "partitions", "member");
    try (AdminSession session = common.open(shell)) {
      GroupAccess access = new GroupAccess(session, GroupsListCommand.TIMEOUT_MS);
      for (ConsumerGroupDescription group : GroupView.find(groups, access)) {
        for (MemberDescription one : group.members()) {
          listing.add(
              group.groupId(),
              one.clientId(),
              one.host(),
              one.assignment().topicPartitions().size(),
              GroupView.assignment(one),
              one.groupInstanceId().orElse(one.consumerId()));
        }
      }
    }
    common.print(listing, shell);
    return 0;
  }
}
