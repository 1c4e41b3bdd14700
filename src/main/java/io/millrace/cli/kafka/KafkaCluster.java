package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.BrokerApis;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kafka-cluster}: facts of the cluster. Confined to: the main thread. */
@Command(
    name = "kafka-cluster",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    mixinStandardHelpOptions = true,
    subcommands = {
      KafkaCluster.ClusterId.class,
      KafkaCluster.Unregister.class,
      KafkaCluster.UnregisterController.class,
      KafkaCluster.ListEndpoints.class,
      KafkaCluster.ApiVersions.class
    },
    description = "The Kafka cluster tool.")
final class KafkaCluster implements Callable<Integer> {
  KafkaCluster(Shell shell) {}

  @Override
  public Integer call() {
    throw ToolException.wrongUsage("Say what to do with the cluster")
        .hint("For example: kafka-cluster cluster-id --bootstrap-server HOST:PORT");
  }

  /** Which node it is about. Confined to: the main thread. */
  private static final class NodeId {
    @Option(
        names = {"-i", "--id"},
        required = true,
        paramLabel = "ID",
        description = "The ID of the node to unregister.")
    private int id;
  }

  /** Says the cluster's id. */
  @Command(
      name = "cluster-id",
      description = "Get information about the ID of a cluster.",
      sortOptions = false)
  static final class ClusterId implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final ClusterAddress address = new ClusterAddress();

    ClusterId(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      try (AdminSession session = address.open(shell)) {
        String id = await(session.admin().describeCluster().clusterId());
        shell
            .out()
            .println(
                id != null
                    ? "Cluster ID: " + id
                    : "No cluster ID found. The Kafka version is probably too old.");
      }
      return 0;
    }
  }

  /** Forgets a broker. */
  @Command(name = "unregister", description = "Unregister a broker.", sortOptions = false)
  static final class Unregister implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final ClusterAddress address = new ClusterAddress();
    @Mixin private final NodeId node = new NodeId();

    Unregister(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      try (AdminSession session = address.open(shell)) {
        await(session.admin().unregisterBroker(node.id).all());
        shell.out().println("Broker " + node.id + " is no longer registered.");
        return 0;
      } catch (UnsupportedVersionException e) {
        shell.out().println("The target cluster does not support the broker unregistration API.");
        return ToolException.FAILED;
      }
    }
  }

  /** Forgets a controller; where every broker is one, there is none of its own to forget. */
  @Command(
      name = "unregister-controller",
      description = "Unregister a controller.",
      sortOptions = false)
  static final class UnregisterController implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final ClusterAddress address = new ClusterAddress();
    @Mixin private final NodeId node = new NodeId();

    UnregisterController(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      try (AdminSession session = address.open(shell)) {
        await(session.admin().unregisterController(node.id).all());
        shell.out().println("Controller " + node.id + " is no longer registered.");
        return 0;
      } catch (UnsupportedVersionException e) {
        shell
            .out()
            .println("The target cluster does not support the controller unregistration API.");
        return ToolException.FAILED;
      }
    }
  }

  /** Lists the brokers. */
  @Command(name = "list-endpoints", description = "List endpoints", sortOptions = false)
  static final class ListEndpoints implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final ClusterAddress address = new ClusterAddress();

    @Option(
        names = "--include-fenced-brokers",
        description = "Whether to include fenced brokers when listing broker endpoints")
    private boolean fenced;

    ListEndpoints(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      try (AdminSession session = address.open(shell)) {
        DescribeClusterOptions options = new DescribeClusterOptions().includeFencedBrokers(fenced);
        print(await(session.admin().describeCluster(options).nodes()));
      }
      return 0;
    }

    private void print(Collection<Node> nodes) {
      int host = nodes.stream().mapToInt(node -> node.host().length()).max().orElse(100);
      int rack =
          nodes.stream()
              .filter(Node::hasRack)
              .mapToInt(node -> node.rack().length())
              .max()
              .orElse(10);
      String format = "%-10s %-" + host + "s %-10s %-" + rack + "s %-10s %-15s%n";
      shell.out().printf(format, "ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE");
      for (Node node : nodes) {
        @Nullable String where = node.rack();
        shell
            .out()
            .printf(
                format,
                node.idString(),
                node.host(),
                node.port(),
                where,
                node.isFenced() ? "fenced" : "unfenced",
                "broker");
      }
    }
  }

  /** Shows which requests the brokers answer. */
  @Command(
      name = "api-versions",
      description = "Get information about the api versions of the brokers or controllers.",
      sortOptions = false)
  static final class ApiVersions implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final ClusterAddress address = new ClusterAddress();

    ApiVersions(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      try (AdminSession session = address.open(shell)) {
        BrokerApis.ask(
            session,
            BrokerApis.brokers(session),
            (broker, apis) -> shell.out().println(broker + " -> " + apis.toString(true)),
            (broker, failure) -> shell.out().println(broker + " -> ERROR: " + failure));
      }
      return 0;
    }
  }
}
