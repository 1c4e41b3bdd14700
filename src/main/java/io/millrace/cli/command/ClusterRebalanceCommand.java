package io.millrace.cli.command;

import io.millrace.cli.reassign.ClusterSurvey;
import io.millrace.cli.reassign.Elections;
import io.millrace.cli.reassign.Reassignments;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cluster.ReplicaMoves;
import io.millrace.cluster.ReplicaMoves.Move;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code millrace cluster rebalance}: levels the load of the brokers. Confined to: the main thread.
 */
@Command(
    name = "rebalance",
    sortOptions = false,
    description =
        "Gives all brokers as many replicas and leaderships, for example when one has joined.")
final class ClusterRebalanceCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final Common common = new Common();
  @Mixin private final Shifting shifting = new Shifting();

  ClusterRebalanceCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try (AdminSession session = common.open(shell)) {
      if (shifting.isCancelled()) {
        return cancel(new Reassignments(session));
      }
      List<Move> moves = ReplicaMoves.rebalance(ClusterSurvey.of(session).ground());
      boolean done = shifting.carryOut(session, moves, "rebalance", common, shell);
      if (!done) {
        return shifting.isPreview() ? 0 : ToolException.FAILED;
      }
      Elections elections = Elections.hold(session, ElectionType.PREFERRED, null);
      if (!common.json()) {
        shell
            .out()
            .println(
                Shifting.partitions(moves.size())
                    + " moved, "
                    + elections.elected().size()
                    + " led by their preferred replica again.");
      }
      return 0;
    }
  }

  private int cancel(Reassignments reassignments) {
    Set<TopicPartition> moving = reassignments.current().keySet();
    if (!moving.isEmpty()) {
      reassignments.cancel(moving);
    }
    shell.out().println(Shifting.partitions(moving.size()) + " stay where they were.");
    return 0;
  }
}
