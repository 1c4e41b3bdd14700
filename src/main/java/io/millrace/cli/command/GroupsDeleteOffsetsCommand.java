package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.TopicScope;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace groups delete-offsets}. Confined to: the main thread. */
@Command(
    name = "delete-offsets",
    sortOptions = false,
    description = "Deletes the offsets of a group in topics that it does not read now.")
final class GroupsDeleteOffsetsCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
  private String group = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TOPIC[:N,...]",
      description = "Topics or some of their partitions.")
  private List<String> topics = List.of();

  @Mixin private final Common common = new Common();

  GroupsDeleteOffsetsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("topic", "partition", "result");
    boolean complete = true;
    try (AdminSession session = common.open(shell)) {
      GroupAccess access = new GroupAccess(session, GroupsListCommand.TIMEOUT_MS);
      List<TopicPartition> partitions = TopicScope.parse(topics).resolve(access);
      DeleteConsumerGroupOffsetsResult result =
          session.admin().deleteConsumerGroupOffsets(group, Set.copyOf(partitions));
      for (TopicPartition one : partitions) {
        try {
          await(result.partitionResult(one));
          listing.add(one.topic(), one.partition(), "deleted");
        } catch (KafkaException e) {
          listing.add(one.topic(), one.partition(), Failures.sentence(e));
          complete = false;
        }
      }
    }
    common.print(listing, shell);
    return complete ? 0 : ToolException.FAILED;
  }
}
