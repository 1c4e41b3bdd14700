package io.millrace.cli.kafka;

import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.OldSpellings;
import io.millrace.cli.tool.OwnOptions;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cli.tool.ToolRunner;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;

/** The tools by the names of Kafka's scripts, without {@code .sh}. Immutable. */
public final class KafkaTools {
  private static final Map<String, Function<Shell, Callable<Integer>>> TOOLS = new TreeMap<>();

  static {
    TOOLS.put("kafka-broker-api-versions", KafkaBrokerApiVersions::new);
    TOOLS.put("kafka-cluster", KafkaCluster::new);
    TOOLS.put("kafka-configs", KafkaConfigs::new);
    TOOLS.put("kafka-console-consumer", KafkaConsoleConsumer::new);
    TOOLS.put("kafka-console-producer", KafkaConsoleProducer::new);
    TOOLS.put("kafka-consumer-groups", KafkaConsumerGroups::new);
    TOOLS.put("kafka-consumer-perf-test", KafkaConsumerPerfTest::new);
    TOOLS.put("kafka-create-topic", KafkaCreateTopic::new);
    TOOLS.put("kafka-delete-records", KafkaDeleteRecords::new);
    TOOLS.put("kafka-dump-log", KafkaDumpLog::new);
    TOOLS.put("kafka-get-offsets", KafkaGetOffsets::new);
    TOOLS.put("kafka-groups", KafkaGroups::new);
    TOOLS.put("kafka-leader-election", KafkaLeaderElection::new);
    TOOLS.put("kafka-log-dirs", KafkaLogDirs::new);
    TOOLS.put("kafka-metadata-quorum", KafkaMetadataQuorum::new);
    TOOLS.put("kafka-producer-perf-test", KafkaProducerPerfTest::new);
    TOOLS.put("kafka-reassign-partitions", KafkaReassignPartitions::new);
    TOOLS.put("kafka-topics", KafkaTopics::new);
    TOOLS.put("kafka-verifiable-consumer", KafkaVerifiableConsumer::new);
    TOOLS.put("kafka-verifiable-producer", KafkaVerifiableProducer::new);
  }

  private KafkaTools() {}

  /** Whether there is a tool of this name. */
  public static boolean has(String name) {
    return TOOLS.containsKey(name);
  }

  /** The names, sorted. */
  public static Collection<String> names() {
    return TOOLS.keySet();
  }

  /** The command behind a name, for help and completion. */
  public static Callable<Integer> command(String name, Shell shell) {
    return TOOLS.get(name).apply(shell);
  }

  /**
   * Runs a tool.
   *
   * @param name one of {@link #names}
   * @param arguments as they were typed
   * @return code to exit with
   */
  public static int run(String name, List<String> arguments, Shell shell) {
    Callable<Integer> tool = command(name, shell);
    CommandLine line = ToolRunner.describe(tool, shell);
    if (arguments.isEmpty() && !(tool instanceof RunsWithoutArguments)) {
      line.usage(shell.err());
      return ToolException.FAILED;
    }
    List<String> today = OldSpellings.today(arguments, OwnOptions.of(line), shell);
    if (tool instanceof OldNames.Owner owner) {
      today = owner.oldNames().today(today, shell);
    }
    return ToolRunner.run(line, today, shell, ToolException.FAILED);
  }

  /** Marks a tool that does something useful when it is called without arguments. */
  interface RunsWithoutArguments {}
}
