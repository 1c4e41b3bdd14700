package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code kafka-metadata-quorum}: who votes on the cluster's metadata. Confined to: the main thread.
 */
@Command(
    name = "kafka-metadata-quorum",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    subcommands = {
      KafkaMetadataQuorum.Describe.class,
      KafkaMetadataQuorum.AddController.class,
      KafkaMetadataQuorum.RemoveController.class
    },
    description = "Shows which brokers vote on the cluster's metadata, and how far each is.")
final class KafkaMetadataQuorum implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final ToCluster cluster = new ToCluster();

  KafkaMetadataQuorum(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    throw ToolException.wrongUsage("Say what to do with the quorum")
        .hint("For example: kafka-metadata-quorum describe --status");
  }

  private AdminSession open() {
    return cluster.open(shell, "kafka-metadata-quorum");
  }

  /** Says who votes. */
  @Command(
      name = "describe",
      description = "Describes the quorum, or how far each of its members is.",
      sortOptions = false)
  static final class Describe implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand private @Nullable KafkaMetadataQuorum parent;

    @Option(names = "--status", description = "A short summary.")
    private boolean status;

    @Option(names = "--replication", description = "How far each member is.")
    private boolean replication;

    @Option(
        names = "--human-readable",
        description = "With --replication: how long ago, instead of points in time.")
    private boolean readable;

    Describe(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      check();
      try (AdminSession session = Objects.requireNonNull(parent).open()) {
        QuorumInfo quorum = await(session.admin().describeMetadataQuorum().quorumInfo());
        if (status) {
          String clusterId = String.valueOf(await(session.admin().describeCluster().clusterId()));
          shell.out().println(QuorumText.status(clusterId, quorum));
        } else {
          QuorumText.replication(quorum, readable, System.currentTimeMillis())
              .forEach(shell.out()::println);
        }
      }
      return 0;
    }

    private void check() {
      if (status && replication) {
        throw ToolException.wrongUsage(
                "Only one of --status or --replication should be specified with describe"
                    + " sub-command")
            .hint("Leave one of them out.");
      }
      if (status && readable) {
        throw ToolException.wrongUsage(
                "The option --human-readable is only supported along with --replication")
            .hint("Leave --human-readable out.");
      }
      if (!status && !replication) {
        throw ToolException.wrongUsage(
                "One of --status or --replication must be specified with describe sub-command")
            .hint("For example: kafka-metadata-quorum describe --status");
      }
    }
  }

  /** Says that voters are added by themselves. */
  @Command(
      name = "add-controller",
      description = "Not needed: brokers that have caught up come to vote by themselves.",
      sortOptions = false)
  static final class AddController implements Callable<Integer> {
    @Option(names = "--dry-run", description = "Known, without effect.")
    private boolean dry;

    AddController(Shell shell) {}

    @Override
    public Integer call() {
      throw ToolException.failed("Voters of the metadata quorum are not added by hand.")
          .hint(
              "Start the broker: when three have caught up, three vote. See who does with:"
                  + " kafka-metadata-quorum describe --status");
    }
  }

  /** Takes a voter away. */
  @Command(
      name = "remove-controller",
      description = "Takes a controller out of the quorum, where the cluster offers it.",
      sortOptions = false)
  static final class RemoveController implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand private @Nullable KafkaMetadataQuorum parent;

    @Option(
        names = {"-i", "--controller-id"},
        required = true,
        paramLabel = "ID",
        description = "The id of the controller to remove.")
    private int id;

    @Option(
        names = {"-d", "--controller-directory-id"},
        required = true,
        paramLabel = "ID",
        description = "The directory id of the controller to remove.")
    private String directory = "";

    @Option(names = "--dry-run", description = "Says what would be done, and does not do it.")
    private boolean dry;

    RemoveController(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      if (id < 0) {
        throw ToolException.wrongUsage("Invalid negative --controller-id: " + id);
      }
      Uuid directoryId = directoryId();
      if (!dry) {
        remove(directoryId);
      }
      shell
          .out()
          .printf(
              "%s KRaft controller %d with directory id %s%n",
              dry ? "DRY RUN of removing " : "Removed ", id, directoryId);
      return 0;
    }

    private void remove(Uuid directoryId) {
      try (AdminSession session = Objects.requireNonNull(parent).open()) {
        await(session.admin().removeRaftVoter(id, directoryId).all());
      } catch (UnsupportedVersionException e) {
        throw ToolException.failed("Voters of the metadata quorum are not removed by hand here.")
            .hint(
                "Brokers that are away for good are replaced as voters by others that have caught"
                    + " up; forget one with: kafka-cluster unregister --id "
                    + id)
            .because(e);
      }
    }

    private Uuid directoryId() {
      try {
        return Uuid.fromString(directory);
      } catch (IllegalArgumentException e) {
        throw ToolException.wrongUsage(
                "Failed to parse --controller-directory-id: " + e.getMessage())
            .because(e);
      }
    }
  }
}
