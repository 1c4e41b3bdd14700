package io.millrace.cli.kafka;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code kafka-consumer-groups}: lists, describes, resets and deletes consumer groups. Confined to:
 * the main thread.
 */
@Command(
    name = "kafka-consumer-groups",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description =
        "Lists all consumer groups, describes a group, deletes it, or resets its offsets.")
final class KafkaConsumerGroups implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Mixin private final ConsumerGroupOptions options = new ConsumerGroupOptions();

  KafkaConsumerGroups(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    options.check(shell);
    if (options.regex != null) {
      shell.out().println(Re2Syntax.verdict(options.regex));
      return 0;
    }
    try (AdminSession session = cluster.open(shell, "consumer-groups")) {
      GroupAccess access = new GroupAccess(session, options.timeoutMs);
      return run(access) ? 0 : ToolException.FAILED;
    } catch (ToolException e) {
      throw e;
    } catch (RuntimeException e) {
      ToolException known = Failures.explain(e, cluster.bootstrap(shell).servers());
      shell
          .out()
          .println("\nError: Executing consumer group command failed due to " + known.getMessage());
      shell.out().flush();
      known.hint().ifPresent(shell::hint);
      return ToolException.FAILED;
    }
  }

  private boolean run(GroupAccess access) {
    if (options.list) {
      new GroupListings(shell, access).print(options);
      return true;
    }
    List<String> groups = options.allGroups ? access.names() : options.groups;
    if (options.describe) {
      return new GroupDescriptions(shell, access).print(groups, options);
    }
    if (options.delete) {
      return new GroupDeletions(shell, access).delete(groups);
    }
    if (options.resetOffsets) {
      return new GroupResets(shell, access).reset(groups, options);
    }
    return new GroupDeletions(shell, access).deleteOffsets(groups.get(0), options.topics);
  }

  /** How many of the flags are set. */
  static long count(Boolean... flags) {
    return Stream.of(flags).filter(flag -> flag).count();
  }
}
