package io.millrace.cli.command;

import io.millrace.cli.reassign.ClusterSurvey;
import io.millrace.cli.reassign.Elections;
import io.millrace.cli.reassign.Partitions;
import io.millrace.cli.reassign.Reassignments;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cluster.ReplicaMoves;
import io.millrace.cluster.ReplicaMoves.Move;
import io.millrace.cluster.ReplicaMoves.NoRoom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.internals.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code millrace cluster drain}: empties a broker, so that it can be taken away. Confined to: the
 * main thread.
 */
@Command(
    name = "drain",
    sortOptions = false,
    description = {
      "Moves leaderships and replicas off a broker, so that it can be taken away.",
      "Where no other broker can take a replica, it stays and only its leadership moves."
    })
final class ClusterDrainCommand implements Callable<Integer> {
  private static final int ATTEMPTS = 10;
  private static final int PAUSE_MS = 300;

  private final Shell shell;

  @Parameters(paramLabel = "BROKER", description = "Id of the broker.")
  private int broker;

  @Mixin private final Common common = new Common();
  @Mixin private final Shifting shifting = new Shifting();

  @Option(
      names = "--fewer-replicas",
      description = "Partitions that all brokers hold already are left with one replica less.")
  private boolean fewer;

  ClusterDrainCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try (AdminSession session = common.open(shell)) {
      ClusterSurvey survey = ClusterSurvey.of(session);
      if (!survey.brokers().containsKey(broker)) {
        throw ToolException.failed("There is no broker " + broker + ".")
            .hint("The brokers are " + survey.brokers().keySet() + ".");
      }
      if (shifting.isCancelled()) {
        return cancel(session);
      }
      List<Move> moves =
          ReplicaMoves.drain(survey.ground(), broker, fewer ? NoRoom.FEWER_REPLICAS : NoRoom.KEEP);
      boolean done = shifting.carryOut(session, moves, "drain", common, shell);
      if (!done) {
        return shifting.isPreview() ? 0 : unfinished();
      }
      giveBackLeaderships(session);
      return tell(settled(session));
    }
  }

  /** Those that it leads for a replica that was away need no move, only an election. */
  private void giveBackLeaderships(AdminSession session) {
    Set<TopicPartition> ledForOthers = ClusterSurvey.of(session).ledForOthers(broker);
    if (!ledForOthers.isEmpty()) {
      Elections.hold(session, ElectionType.PREFERRED, ledForOthers);
    }
  }

  private int unfinished() {
    shell.error("Broker " + broker + " is not empty yet.");
    return ToolException.FAILED;
  }

  /** What is so afterwards: a broker that is asked may be behind for a moment. */
  private ClusterSurvey settled(AdminSession session) {
    ClusterSurvey after = ClusterSurvey.of(session);
    for (int i = 0; i < ATTEMPTS && led(after) > 0; i++) {
      pause();
      after = ClusterSurvey.of(session);
    }
    return after;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private long led(ClusterSurvey survey) {
    return survey.count(one -> one.leader() == broker);
  }

  private int tell(ClusterSurvey after) {
    long internal =
        after.partitions().entrySet().stream()
            .filter(one -> Topic.isInternal(one.getKey().topic()))
            .filter(one -> one.getValue().replicas().contains(broker))
            .count();
    long held = after.count(one -> one.replicas().contains(broker)) - internal;
    long led = led(after);
    if (held == 0 && led == 0 && internal > 0) {
      if (!common.json()) {
        shell
            .out()
            .println(
                "Broker "
                    + broker
                    + " leads nothing and holds only internal topics, which all brokers carry.");
      }
      return 0;
    }
    if (held == 0 && led == 0) {
      if (!common.json()) {
        shell.out().println("Broker " + broker + " is empty.");
      }
      shell.hint("stop it, then have it forgotten with: kafka-cluster unregister --id " + broker);
      return 0;
    }
    shell.error(
        "Broker "
            + broker
            + " still holds "
            + Shifting.partitions(held)
            + " and leads "
            + led
            + ", for which no other broker could take over.");
    shell.hint("start another broker, or leave them with one replica less with --fewer-replicas");
    return ToolException.FAILED;
  }

  private int cancel(AdminSession session) {
    Reassignments reassignments = new Reassignments(session);
    Set<TopicPartition> leaving =
        reassignments.current().entrySet().stream()
            .filter(one -> one.getValue().removingReplicas().contains(broker))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(() -> new TreeSet<>(Partitions.ORDER)));
    if (!leaving.isEmpty()) {
      reassignments.cancel(leaving);
    }
    shell.out().println(Shifting.partitions(leaving.size()) + " stay on broker " + broker + ".");
    return 0;
  }
}
