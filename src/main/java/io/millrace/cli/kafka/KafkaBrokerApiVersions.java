package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.BrokerApis;
import io.millrace.cli.tool.Shell;
import java.util.concurrent.Callable;
import org.apache.kafka.common.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code kafka-broker-api-versions}: which requests each broker answers. The head of a broker is
 * written as up to Kafka 3.9 ({@code (id: 0 rack: null)}), which tutorials show; later ones add
 * whether it is fenced, as {@code kafka-cluster api-versions} does. Confined to: the main thread.
 */
@Command(
    name = "kafka-broker-api-versions",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Shows which requests the brokers answer, and in which versions.")
final class KafkaBrokerApiVersions implements Callable<Integer>, KafkaTools.RunsWithoutArguments {
  private final Shell shell;

  @Mixin private final ToCluster cluster = new ToCluster();

  KafkaBrokerApiVersions(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try (AdminSession session = cluster.open(shell, "kafka-broker-api-versions")) {
      BrokerApis.ask(
          session,
          BrokerApis.brokers(session),
          (broker, apis) -> shell.out().println(head(broker) + apis.toString(true)),
          (broker, failure) ->
              shell.out().println(head(broker) + "ERROR: " + failure.getMessage()));
    }
    return 0;
  }

  private static String head(Node broker) {
    return "%s:%d (id: %d rack: %s) -> "
        .formatted(broker.host(), broker.port(), broker.id(), broker.rack());
  }
}
