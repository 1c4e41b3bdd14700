package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Progress;
import io.millrace.cli.tool.ReplicaAssignment;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace topics create}. Confined to: the main thread. */
@Command(name = "create", sortOptions = false, description = "Creates topics.")
final class TopicsCreate implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "Names of the topics.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = {"-p", "--partitions"},
      paramLabel = "N",
      description = "How many partitions. Default: num.partitions of the broker.")
  private @Nullable Integer partitions;

  @Option(
      names = {"-r", "--replicas", "--replication-factor"},
      paramLabel = "N",
      description = "How many replicas. Default: default.replication.factor of the broker.")
  private @Nullable Short replicas;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "A setting, for example retention.ms=7d; can be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--assign",
      paramLabel = "B:B[,...]",
      description = "Brokers of each partition: 0:1,1:2 puts partition 0 on 0 and 1.")
  private @Nullable String assignment;

  @Option(names = "--if-not-exists", description = "A topic that is there is no failure.")
  private boolean ifNotExists;

  @Mixin private final Common common = new Common();

  TopicsCreate(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Map<String, String> values = SettingValues.parse(settings);
    if (assignment != null && (partitions != null || replicas != null)) {
      throw ToolException.wrongUsage("--assign says how many partitions and replicas there are")
          .hint("Leave --partitions and --replicas out.");
    }
    Listing listing = Listing.of("created", "partitions", "replicas");
    try (AdminSession session = common.open(shell);
        Progress progress = Progress.ofMany(shell, "creating", topics.size(), "topics")) {
      CreateTopicsResult result =
          session
              .admin()
              .createTopics(topics.stream().distinct().map(one -> topic(one, values)).toList());
      for (String topic : new TreeSet<>(result.values().keySet())) {
        if (created(result, topic)) {
          listing.add(
              topic, await(result.numPartitions(topic)), await(result.replicationFactor(topic)));
        }
        progress.add(1);
      }
    } catch (InvalidConfigurationException e) {
      ToolException wrong = ToolException.failed(e.getMessage()).because(e);
      throw ConfigKeyHints.add(ConfigKeyHints.topic(values.keySet()), wrong);
    }
    common.print(listing, shell);
    return 0;
  }

  private NewTopic topic(String name, Map<String, String> values) {
    NewTopic topic =
        assignment != null
            ? new NewTopic(name, ReplicaAssignment.parse(assignment))
            : new NewTopic(name, Optional.ofNullable(partitions), Optional.ofNullable(replicas));
    return topic.configs(values);
  }

  private boolean created(CreateTopicsResult result, String topic) {
    try {
      await(result.values().get(topic));
      return true;
    } catch (TopicExistsException e) {
      if (ifNotExists) {
        return false;
      }
      throw ToolException.failed("There is a topic '" + topic + "' already.")
          .hint("Add --if-not-exists when that is fine.")
          .because(e);
    }
  }
}
