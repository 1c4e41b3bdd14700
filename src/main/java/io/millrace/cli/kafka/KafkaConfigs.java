package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code kafka-configs}: settings of topics, brokers, users and others. Confined to: the main
 * thread.
 */
@Command(
    name = "kafka-configs",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description =
        "Shows and alters settings of topics, brokers, users, clients, addresses and groups.")
final class KafkaConfigs implements Callable<Integer> {
  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--describe", description = "Shows settings.")
  private boolean describe;

  @Option(names = "--alter", description = "Alters settings.")
  private boolean alter;

  @Option(names = "--all", description = "With --describe: also those that are not set here.")
  private boolean all;

  @Mixin private final EntityArguments entity = new EntityArguments();

  @Option(
      names = {"--add-config", "--added-config"},
      paramLabel = "KEY=VALUE[,...]",
      description = "Settings to make; a value with commas stands in brackets: k1=v1,k2=[a,b].")
  private @Nullable String added;

  @Option(
      names = "--add-config-file",
      paramLabel = "FILE",
      description = "The same, from a file of properties.")
  private @Nullable Path addedFile;

  @Option(
      names = {"--delete-config", "--deleted-config"},
      split = ",",
      paramLabel = "KEY[,...]",
      description = "Settings to drop.")
  private List<String> deleted = new ArrayList<>();

  @Option(names = "--force", hidden = true, description = "Known, without effect.")
  private boolean force;

  @Option(names = "--zk-tls-config-file", hidden = true, description = "Known, without effect.")
  private @Nullable Path zooKeeperFile;

  KafkaConfigs(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (zooKeeperFile != null) {
      shell.hint("there is no ZooKeeper; --zk-tls-config-file was left out");
    }
    OptionRules rules = OptionRules.of(Objects.requireNonNull(spec));
    rules.oneAction(
        "Command must include exactly one action: --describe, --alter",
        "kafka-configs --describe --topic hello.kafka",
        "--describe",
        "--alter");
    rules.excludes("--describe", "--add-config", "--delete-config");
    EntityNames names = entity.names(spec.commandLine().getParseResult().originalArgs(), rules);
    if (describe) {
      names.checkDescribe(rules.has("--entity-default"));
    } else {
      names.checkAlter();
      if (added != null && addedFile != null) {
        throw ToolException.wrongUsage(
                "Only one of --add-config or --add-config-file must be specified")
            .hint("Leave one of them out.");
      }
      if (added == null && addedFile == null && deleted.isEmpty()) {
        throw ToolException.wrongUsage(
                "At least one of --add-config, --add-config-file, or --delete-config must be"
                    + " specified with --alter")
            .hint("Add for example: --add-config retention.ms=86400000");
      }
    }
    ConfigPairs pairs = new ConfigPairs(ConfigPairs.read(added, addedFile), trimmed());
    try (AdminSession session = cluster.open(shell, "kafka-configs")) {
      if (describe) {
        describe(session, names);
      } else {
        alter(session, names, pairs);
      }
      return 0;
    }
  }

  private List<String> trimmed() {
    return deleted.stream().map(String::strip).toList();
  }

  private void describe(AdminSession session, EntityNames names) {
    if (names.isResource()) {
      new ResourceConfigs(session, shell).describe(names, all);
    } else {
      new QuotaConfigs(session, shell).describe(names);
    }
  }

  private void alter(AdminSession session, EntityNames names, ConfigPairs pairs) {
    try {
      if (names.isResource()) {
        new ResourceConfigs(session, shell).alter(names, pairs);
      } else {
        new QuotaConfigs(session, shell).alter(names, pairs);
      }
    } catch (InvalidConfigurationException e) {
      ToolException plain = Failures.explain(e, cluster.bootstrap(shell).servers());
      throw ConfigKeyHints.add(hint(names, pairs), plain);
    }
    shell
        .out()
        .println(
            names.name().isEmpty()
                ? "Completed updating default config for " + names.type() + " in the cluster."
                : "Completed updating config for " + names.kind() + " " + names.name() + ".");
  }

  private static Optional<String> hint(EntityNames names, ConfigPairs pairs) {
    return Map.of(
            "topics", ConfigKeyHints.topic(pairs.keys()),
            "brokers", ConfigKeyHints.broker(pairs.keys()))
        .getOrDefault(names.type(), Optional.empty());
  }
}
