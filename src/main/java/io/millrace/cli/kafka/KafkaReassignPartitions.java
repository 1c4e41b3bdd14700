package io.millrace.cli.kafka;

import io.millrace.cli.reassign.ReassignmentSteps;
import io.millrace.cli.reassign.ReplicaFile;
import io.millrace.cli.reassign.ReplicaProposal;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code kafka-reassign-partitions}: moves replicas between brokers and between their folders.
 * Confined to: the main thread.
 */
@Command(
    name = "kafka-reassign-partitions",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Moves replicas between brokers, and between the folders of a broker.")
final class KafkaReassignPartitions implements Callable<Integer> {
  private static final String[] ACTIONS = {
    "--generate", "--execute", "--verify", "--cancel", "--list"
  };

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--generate", description = "Proposes where replicas may go; changes nothing.")
  private boolean generate;

  @Option(names = "--execute", description = "Begins to move what the file says.")
  private boolean execute;

  @Option(
      names = "--verify",
      description = "Says how far it is; when all is done, takes the throttles away.")
  private boolean verify;

  @Option(names = "--cancel", description = "Ends the moves of the partitions in the file.")
  private boolean cancel;

  @Option(names = "--list", description = "Lists what moves now.")
  private boolean list;

  @Option(
      names = "--reassignment-json-file",
      paramLabel = "FILE",
      description =
          "What to move: {\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2],"
              + "\"log_dirs\":[\"any\",\"any\"]}],\"version\":1}. log_dirs may be left out.")
  private @Nullable Path replicas;

  @Option(
      names = "--topics-to-move-json-file",
      paramLabel = "FILE",
      description = "With --generate: {\"topics\":[{\"topic\":\"t\"}],\"version\":1}")
  private @Nullable Path topics;

  @Option(
      names = "--broker-list",
      paramLabel = "ID[,...]",
      description = "With --generate: the brokers that may hold replicas.")
  private @Nullable String brokers;

  @Option(names = "--disable-rack-aware", description = "With --generate: leaves racks aside.")
  private boolean noRacks;

  @Option(
      names = "--throttle",
      paramLabel = "BYTES",
      description = "With --execute: bytes per second between brokers.")
  private long throttle = -1;

  @Option(
      names = "--replica-alter-log-dirs-throttle",
      paramLabel = "BYTES",
      description = "With --execute: bytes per second between the folders of a broker.")
  private long folderThrottle = -1;

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      description = "How long to wait until moves between folders can begin. Default: 10000.")
  private long timeoutMs = 10_000;

  @Option(
      names = "--additional",
      description = "With --execute: also while others move, or to change the throttle.")
  private boolean additional;

  @Option(
      names = "--disallow-replication-factor-change",
      description = "With --execute: refuses to give a partition more or fewer replicas.")
  private boolean sameFactor;

  @Option(names = "--preserve-throttles", description = "Leaves throttles as they are.")
  private boolean preserve;

  KafkaReassignPartitions(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    String action = checked(OptionRules.of(Objects.requireNonNull(spec)));
    @Nullable ReplicaFile wanted = replicas == null ? null : ReplicaFile.read(replicas);
    List<Integer> ids = brokers == null ? List.of() : ReplicaProposal.brokers(brokers);
    List<String> names = topics == null ? List.of() : ReplicaProposal.topics(topics);
    try (AdminSession session = cluster.open(shell, "reassign-partitions-tool")) {
      ReassignmentSteps steps = new ReassignmentSteps(session, shell);
      switch (action) {
        case "--generate" -> steps.generate(names, ids, !noRacks);
        case "--execute" ->
            steps.execute(
                Objects.requireNonNull(wanted).checked(),
                new ReassignmentSteps.Limits(throttle, folderThrottle, timeoutMs, sameFactor),
                additional);
        case "--verify" -> steps.verify(Objects.requireNonNull(wanted), preserve);
        case "--cancel" -> steps.cancel(Objects.requireNonNull(wanted), preserve, timeoutMs);
        default -> steps.list();
      }
    }
    return 0;
  }

  /** The action, when all else fits to it. */
  private String checked(OptionRules rules) {
    rules.oneAction(
        "Command must include exactly one action: " + String.join(", ", ACTIONS),
        "kafka-reassign-partitions --list",
        ACTIONS);
    if (generate) {
      rules.required("--topics-to-move-json-file", "topics.json");
      rules.required("--broker-list", "0,1,2");
      rules.only(
          "--generate", "--topics-to-move-json-file", "--broker-list", "--disable-rack-aware");
      return "--generate";
    } else if (list) {
      rules.only("--list");
      return "--list";
    }
    String file = "--reassignment-json-file";
    rules.required(file, "move.json");
    if (execute) {
      rules.only(
          "--execute",
          file,
          "--additional",
          "--throttle",
          "--replica-alter-log-dirs-throttle",
          "--timeout",
          "--disallow-replication-factor-change");
      return "--execute";
    } else if (verify) {
      rules.only("--verify", file, "--preserve-throttles");
      return "--verify";
    }
    rules.only("--cancel", file, "--preserve-throttles", "--timeout");
    return "--cancel";
  }
}
