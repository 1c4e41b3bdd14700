package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace offsets}: where each partition begins and ends. Confined to: the main thread. */
@Command(
    name = "millrace offsets",
    sortOptions = false,
    description = "Shows where the partitions of topics begin and end.")
final class OffsetsCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "0..*",
      paramLabel = "TOPIC",
      description = "Topics; * and ? stand for any letters. Default: all that are not internal.")
  private List<String> topics = new ArrayList<>();

  @Option(names = "--internal", description = "With internal topics.")
  private boolean internal;

  @Mixin private final Common common = new Common();

  OffsetsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("topic", "partition", "earliest", "latest", "records");
    try (AdminSession session = common.open(shell)) {
      Map<String, TopicDescription> described =
          await(
              session
                  .admin()
                  .describeTopics(TopicSelection.named(session, topics, internal))
                  .allTopicNames());
      LogEnds logs = LogEnds.of(session, described.values());
      for (TopicDescription topic : new TreeMap<>(described).values()) {
        for (TopicPartitionInfo one : topic.partitions()) {
          TopicPartition partition = new TopicPartition(topic.name(), one.partition());
          List<Object> row = new ArrayList<>(List.of(topic.name(), one.partition()));
          row.addAll(logs.columns(partition).values());
          listing.add(row.toArray());
        }
      }
    }
    common.print(listing, shell);
    return 0;
  }
}
