package io.millrace.cli.command;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.GroupLag;
import io.millrace.cli.group.PartitionLag;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Shell;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace groups describe}. Confined to: the main thread. */
@Command(
    name = "describe",
    sortOptions = false,
    description = "Shows state, coordinator and lag of groups, by partition and in total.")
final class GroupsDescribeCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "0..*", paramLabel = "GROUP", description = "Groups. Default: all.")
  private List<String> groups = List.of();

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      fallbackValue = "2",
      paramLabel = "SECONDS",
      description = "Shows it again every so many seconds, until Ctrl-C. Default: 2.")
  private @Nullable Double everySeconds;

  @Mixin private final Common common = new Common();

  GroupsDescribeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try (AdminSession session = common.open(shell)) {
      GroupAccess access = new GroupAccess(session, GroupsListCommand.TIMEOUT_MS);
      if (everySeconds == null) {
        show(access, shell);
      } else {
        Watch.repeat(everySeconds, shell, screen -> show(access, screen));
      }
    }
    return 0;
  }

  private void show(GroupAccess access, Shell screen) {
    List<ConsumerGroupDescription> described = GroupView.find(groups, access);
    Map<String, List<PartitionLag>> lags = GroupLag.of(described, access);
    List<GroupView> found =
        described.stream().map(group -> new GroupView(group, lags.get(group.groupId()))).toList();
    if (common.json()) {
      screen.out().println(JsonText.pretty(found.stream().map(GroupView::json).toList()));
    } else {
      GroupView.print(found, screen);
    }
  }
}
