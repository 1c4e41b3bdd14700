package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace cluster}: the cluster at a glance. Confined to: the main thread. */
@Command(
    name = "millrace cluster",
    sortOptions = false,
    description = "Shows the cluster and its brokers; empties and levels them.",
    subcommands = {
      ClusterStatusCommand.class,
      ClusterDrainCommand.class,
      ClusterRebalanceCommand.class,
      ClusterEventsCommand.class
    },
    footer = {"", "Examples:", "  millrace cluster status", "  millrace cluster drain 2 --preview"})
final class ClusterCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final Common common = new Common();

  ClusterCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing =
        Listing.of(
            "cluster",
            "controller",
            "brokers",
            "topics",
            "partitions",
            "under replicated",
            "without leader");
    try (AdminSession session = common.open(shell)) {
      DescribeClusterResult cluster = session.admin().describeCluster();
      @Nullable Node controller = await(cluster.controller());
      Collection<TopicDescription> topics =
          await(session.admin().describeTopics(TopicSelection.all(session, true)).allTopicNames())
              .values();
      listing.add(
          Objects.requireNonNullElse(await(cluster.clusterId()), "unknown"),
          controller == null ? "none" : controller.id(),
          await(cluster.nodes()).size(),
          topics.size(),
          count(topics, one -> true),
          count(topics, one -> one.isr().size() < one.replicas().size()),
          count(topics, one -> one.leader() == null));
    }
    common.print(listing, shell);
    return 0;
  }

  private interface Wanted {
    boolean test(TopicPartitionInfo partition);
  }

  private static long count(Collection<TopicDescription> topics, Wanted wanted) {
    return topics.stream()
        .flatMap(topic -> topic.partitions().stream())
        .filter(wanted::test)
        .count();
  }
}
