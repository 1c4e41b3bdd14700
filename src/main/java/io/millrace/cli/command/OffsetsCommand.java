package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
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
      List<TopicPartition> partitions = partitions(session);
      Map<TopicPartition, ListOffsetsResultInfo> begins =
          offsets(session, partitions, OffsetSpec.earliest());
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          offsets(session, partitions, OffsetSpec.latest());
      for (TopicPartition one : partitions) {
        long begin = begins.get(one).offset();
        long end = ends.get(one).offset();
        listing.add(one.topic(), one.partition(), begin, end, end - begin);
      }
    }
    common.print(listing, shell);
    return 0;
  }

  private List<TopicPartition> partitions(AdminSession session) {
    var names = TopicSelection.named(session, topics, internal);
    return await(session.admin().describeTopics(names).allTopicNames()).values().stream()
        .flatMap(
            found ->
                found.partitions().stream()
                    .map(one -> new TopicPartition(found.name(), one.partition())))
        .sorted(
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
        .toList();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      AdminSession session, List<TopicPartition> partitions, OffsetSpec wanted) {
    return await(
        session
            .admin()
            .listOffsets(partitions.stream().collect(Collectors.toMap(one -> one, one -> wanted)))
            .all());
  }
}
