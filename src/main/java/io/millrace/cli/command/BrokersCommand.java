package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.BrokerApis;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace brokers}: who serves. Confined to: the main thread. */
@Command(
    name = "millrace brokers",
    sortOptions = false,
    subcommands = BrokersCommand.ApiVersions.class,
    description = "Shows the brokers of the cluster, and what they understand.")
final class BrokersCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final Common common = new Common();

  BrokersCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("broker", "address", "rack", "controller");
    try (AdminSession session = common.open(shell)) {
      DescribeClusterResult cluster = session.admin().describeCluster();
      @Nullable Node controller = await(cluster.controller());
      for (Node broker : BrokerApis.brokers(session)) {
        listing.add(
            broker.id(),
            broker.host() + ":" + broker.port(),
            broker.hasRack() ? broker.rack() : "",
            controller != null && controller.id() == broker.id() ? "yes" : "no");
      }
    }
    common.print(listing, shell);
    return 0;
  }

  /** {@code millrace brokers api-versions}. */
  @Command(
      name = "api-versions",
      sortOptions = false,
      description = "Shows which requests the brokers answer, and in which versions.")
  static final class ApiVersions implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--broker", paramLabel = "ID", description = "Only this broker.")
    private @Nullable Integer id;

    @Mixin private final Common common = new Common();

    ApiVersions(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      Listing listing = Listing.of("broker", "api", "key", "oldest", "newest", "used");
      List<Node> failed = new ArrayList<>();
      try (AdminSession session = common.open(shell)) {
        BrokerApis.ask(
            session,
            brokers(session),
            (broker, apis) -> add(listing, broker, apis),
            (broker, failure) -> {
              failed.add(broker);
              shell.error("Broker " + broker.id() + ": " + Failures.sentence(failure));
            });
      }
      common.print(listing, shell);
      return failed.isEmpty() ? 0 : ToolException.FAILED;
    }

    private List<Node> brokers(AdminSession session) {
      List<Node> all = BrokerApis.brokers(session);
      Integer wanted = id;
      if (wanted == null) {
        return all;
      }
      List<Node> found = all.stream().filter(one -> one.id() == wanted).toList();
      if (found.isEmpty()) {
        throw ToolException.failed("There is no broker " + wanted + ".")
            .hint("See which brokers there are with: millrace brokers");
      }
      return found;
    }

    private static void add(Listing listing, Node broker, NodeApiVersions apis) {
      for (ApiKeys api : ApiKeys.brokerApis()) {
        ApiVersion versions = apis.apiVersion(api);
        if (versions != null) {
          boolean shared =
              versions.minVersion() <= api.latestVersion()
                  && versions.maxVersion() >= api.oldestVersion();
          listing.add(
              broker.id(),
              api.name,
              (int) api.id,
              (int) versions.minVersion(),
              (int) versions.maxVersion(),
              shared ? String.valueOf(apis.latestUsableVersion(api)) : "none");
        }
      }
    }
  }
}
