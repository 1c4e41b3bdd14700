package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kafka-topics}: creates and shows topics. Confined to: the main thread. */
@Command(
    name = "kafka-topics",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Creates, deletes, describes or changes topics.")
final class KafkaTopics implements Callable<Integer> {
  private static final String[] ACTIONS = {
    "--list", "--describe", "--create", "--alter", "--delete"
  };
  private static final String[] REPORTS = {
    "--under-replicated-partitions",
    "--under-min-isr-partitions",
    "--at-min-isr-partitions",
    "--unavailable-partitions"
  };

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--list", description = "Lists topics.")
  private boolean list;

  @Option(names = "--create", description = "Creates a topic.")
  private boolean create;

  @Option(names = "--describe", description = "Shows topics and their partitions.")
  private boolean describe;

  @Option(names = "--alter", description = "Raises the number of partitions.")
  private boolean alter;

  @Option(names = "--delete", description = "Deletes topics.")
  private boolean delete;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "The topic; except with --create a regular expression, or several with commas.")
  private @Nullable String topic;

  @Option(names = "--topic-id", paramLabel = "ID", description = "The topic, by its id.")
  private @Nullable String topicId;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many partitions it shall have. Default: num.partitions of the broker.")
  private @Nullable Integer partitions;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "How many replicas. Default: default.replication.factor of the broker.")
  private @Nullable Integer replicationFactor;

  @Option(
      names = "--replica-assignment",
      paramLabel = "B:B[,...]",
      description = "Brokers of each partition: 0:1,1:2 puts partition 0 on 0 and 1.")
  private @Nullable String assignment;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "A setting of the new topic; can be repeated.")
  private List<String> configs = new ArrayList<>();

  @Option(
      names = "--delete-config",
      paramLabel = "KEY",
      description = "With --alter: a setting to drop. kafka-configs does this since Kafka 2.5.")
  private List<String> deletedConfigs = new ArrayList<>();

  @Option(
      names = "--under-replicated-partitions",
      description = "With --describe: only partitions of which a replica lags.")
  private boolean underReplicated;

  @Option(
      names = "--unavailable-partitions",
      description = "With --describe: only partitions without a leader.")
  private boolean unavailable;

  @Option(
      names = "--under-min-isr-partitions",
      description = "With --describe: only partitions with fewer replicas in sync than asked for.")
  private boolean underMinIsr;

  @Option(
      names = "--at-min-isr-partitions",
      description = "With --describe: only partitions with just as many as asked for.")
  private boolean atMinIsr;

  @Option(
      names = "--topics-with-overrides",
      description = "With --describe: only topics that have settings of their own.")
  private boolean withOverrides;

  @Option(names = "--if-exists", description = "A topic that is not there is no failure.")
  private boolean ifExists;

  @Option(names = "--if-not-exists", description = "A topic that is there already is no failure.")
  private boolean ifNotExists;

  @Option(names = "--exclude-internal", description = "Leaves internal topics out.")
  private boolean excludeInternal;

  @Option(
      names = "--partition-size-limit-per-response",
      paramLabel = "N",
      defaultValue = "2000",
      description = "With --describe: partitions to ask for at a time. Default: 2000.")
  private int partitionLimit = 2000;

  @Option(names = "--disable-rack-aware", hidden = true, description = "Known, without effect.")
  private boolean disableRackAware;

  @Option(names = "--force", hidden = true, description = "Known, without effect.")
  private boolean force;

  KafkaTopics(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    check(OptionRules.of(Objects.requireNonNull(spec)));
    if (disableRackAware) {
      shell.hint("--disable-rack-aware has no effect today and was left out");
    }
    try (AdminSession session = cluster.open(shell, "kafka-topics")) {
      run(session);
      return 0;
    } catch (KafkaException | IllegalArgumentException | ToolException e) {
      ToolException known =
          ConfigKeyHints.add(
              TopicChanges.hint(e, configs),
              Failures.explain(e, cluster.bootstrap(shell).servers()));
      if (known.exitCode() == ToolException.NOT_REACHED) {
        throw known;
      }
      shell.out().println("Error while executing topic command : " + known.getMessage());
      known.hint().ifPresent(shell::hint);
      return ToolException.FAILED;
    }
  }

  private void run(AdminSession session) {
    TopicNames names = new TopicNames(session, excludeInternal, ifExists);
    if (list) {
      shell.out().println(String.join("\n", names.matching(topic)));
    } else if (describe) {
      new TopicDescriptions(session, shell, filter(), partitionLimit).print(names, topic, topicId);
    } else {
      change(new TopicChanges(session, shell), names);
    }
  }

  private void change(TopicChanges changes, TopicNames names) {
    String named = String.valueOf(topic);
    if (create) {
      changes.create(
          new TopicChanges.Wanted(named, partitions, replicationFactor, assignment, configs),
          ifNotExists);
    } else if (delete) {
      changes.delete(names.existing(named));
    } else {
      List<String> existing = names.existing(named);
      if (!configs.isEmpty() || !deletedConfigs.isEmpty()) {
        changes.alterConfigs(existing, configs, deletedConfigs);
      }
      if (partitions != null) {
        changes.alterPartitions(existing, partitions, assignment);
      }
    }
  }

  private TopicDescriptions.Filter filter() {
    return new TopicDescriptions.Filter(
        underReplicated, unavailable, underMinIsr, atMinIsr, withOverrides);
  }

  private void check(OptionRules rules) {
    rules.oneAction(
        "Command must include exactly one action: --list, --describe, --create, --alter or"
            + " --delete",
        "kafka-topics --list",
        ACTIONS);
    if (describe && ifExists && topic == null && topicId == null) {
      throw ToolException.wrongUsage("--topic or --topic-id is required to describe a topic")
          .hint("Add --topic NAME, or leave --if-exists out.");
    }
    if (describe && ifExists && topic != null && topicId != null) {
      shell
          .out()
          .println(
              "Only topic id will be used when both --topic and --topic-id are specified and"
                  + " topicId is not Uuid.ZERO_UUID");
    }
    if (!list && !describe) {
      rules.required("--topic", "hello.kafka");
    }
    if (alter && configs.isEmpty() && deletedConfigs.isEmpty()) {
      rules.required("--partitions", "4");
    }
    rules.excludes("--config", "--list", "--describe", "--delete");
    rules.excludes("--delete-config", "--list", "--describe", "--delete", "--create");
    rules.excludes("--partitions", "--list", "--describe", "--delete");
    rules.excludes("--replication-factor", "--list", "--describe", "--alter", "--delete");
    rules.excludes("--replica-assignment", "--list", "--describe", "--delete");
    if (create) {
      rules.excludes("--replica-assignment", "--partitions", "--replication-factor");
    }
    for (String report : REPORTS) {
      rules.excludes(
          report, "--list", "--create", "--alter", "--delete", "--topics-with-overrides");
    }
    rules.excludes("--topics-with-overrides", "--list", "--create", "--alter", "--delete");
    rules.excludes("--if-exists", "--list", "--create");
    rules.excludes("--if-not-exists", "--list", "--describe", "--alter", "--delete");
    rules.excludes("--exclude-internal", "--create", "--alter", "--delete");
  }
}
