package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace groups delete}. Confined to: the main thread. */
@Command(
    name = "delete",
    sortOptions = false,
    description = "Deletes groups that have no members, with their offsets.")
final class GroupsDeleteCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "1..*", paramLabel = "GROUP", description = "The groups.")
  private List<String> groups = List.of();

  @Mixin private final Common common = new Common();

  GroupsDeleteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("group", "result");
    boolean complete = true;
    try (AdminSession session = common.open(shell)) {
      Map<String, KafkaFuture<Void>> asked =
          session.admin().deleteConsumerGroups(groups).deletedGroups();
      for (String group : groups) {
        try {
          await(asked.get(group));
          listing.add(group, "deleted");
        } catch (KafkaException e) {
          listing.add(group, Failures.sentence(e));
          complete = false;
        }
      }
    }
    common.print(listing, shell);
    return complete ? 0 : ToolException.FAILED;
  }
}
