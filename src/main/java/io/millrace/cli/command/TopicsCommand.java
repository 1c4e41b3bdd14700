package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace topics}: topics and their partitions. Confined to: the main thread. */
@Command(
    name = "millrace topics",
    sortOptions = false,
    subcommands = {
      TopicsCommand.ListTopics.class,
      TopicsDescribe.class,
      TopicsCreate.class,
      TopicsAlter.class,
      TopicsDelete.class
    },
    description = "Lists, shows, creates, alters and deletes topics.")
final class TopicsCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final Common common = new Common();

  TopicsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    return list(common, shell, List.of(), false);
  }

  /** {@code millrace topics list}. */
  @Command(name = "list", sortOptions = false, description = "Lists topics with their sizes.")
  static final class ListTopics implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
        arity = "0..*",
        paramLabel = "TOPIC",
        description = "Topics; * and ? stand for any letters. Default: all that are not internal.")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--internal", description = "With internal topics.")
    private boolean internal;

    @Mixin private final Common common = new Common();

    ListTopics(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      return list(common, shell, topics, internal);
    }
  }

  private static int list(Common common, Shell shell, List<String> names, boolean internal) {
    Listing listing = Listing.of("topic", "partitions", "replicas", "size");
    try (AdminSession session = common.open(shell)) {
      Collection<String> found = TopicSelection.named(session, names, internal);
      Map<String, TopicDescription> topics =
          new TreeMap<>(await(session.admin().describeTopics(found).allTopicNames()));
      Map<String, Long> sizes = sizes(session);
      topics.forEach(
          (name, topic) ->
              listing.add(
                  name,
                  topic.partitions().size(),
                  topic.partitions().get(0).replicas().size(),
                  Shown.bytes(sizes.getOrDefault(name, 0L))));
    }
    common.print(listing, shell);
    return 0;
  }

  /** Bytes on all brokers' disks by topic. */
  private static Map<String, Long> sizes(AdminSession session) {
    List<Integer> brokers =
        await(session.admin().describeCluster().nodes()).stream().map(Node::id).toList();
    Map<String, Long> sizes = new HashMap<>();
    await(session.admin().describeLogDirs(brokers).allDescriptions()).values().stream()
        .flatMap(folders -> folders.values().stream())
        .forEach(
            folder ->
                folder
                    .replicaInfos()
                    .forEach(
                        (partition, replica) ->
                            sizes.merge(partition.topic(), replica.size(), Long::sum)));
    return sizes;
  }
}
