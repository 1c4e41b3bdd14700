package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code kafka-create-topic}: how topics were created with Kafka 0.8.0. Confined to: the main
 * thread.
 */
@Command(
    name = "kafka-create-topic",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Creates a topic, as with Kafka 0.8; today kafka-topics --create does this.")
final class KafkaCreateTopic implements Callable<Integer> {
  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic.")
  private @Nullable String topic;

  @Option(
      names = {"--partition", "--partitions"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How many partitions. Default: 1.")
  private int partitions = 1;

  @Option(
      names = {"--replica", "--replication-factor"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How many replicas. Default: 1.")
  private int replicas = 1;

  @Option(
      names = {"--replica-assignment-list", "--replica-assignment"},
      paramLabel = "B:B[,...]",
      description = "Brokers of each partition: 0:1,1:2 puts partition 0 on 0 and 1.")
  private @Nullable String assignment;

  KafkaCreateTopic(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    OptionRules.of(Objects.requireNonNull(spec)).required("--topic", "kafkatopic");
    String name = String.valueOf(topic);
    try (AdminSession session = cluster.open(shell, "kafka-create-topic")) {
      NewTopic wanted =
          new TopicChanges.Wanted(name, partitions, replicas, assignment, List.of()).toNewTopic();
      await(session.admin().createTopics(List.of(wanted)).all());
      shell.out().println("creation succeeded!");
      return 0;
    } catch (KafkaException | ToolException e) {
      ToolException known = Failures.explain(e, cluster.bootstrap(shell).servers());
      if (known.exitCode() == ToolException.NOT_REACHED) {
        throw known;
      }
      shell.out().println("creation failed because of " + known.getMessage());
      known.hint().ifPresent(shell::hint);
      return ToolException.FAILED;
    }
  }
}
