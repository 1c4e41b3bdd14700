package io.millrace.cli.command;

import io.millrace.cli.reassign.Elections;
import io.millrace.cli.reassign.ReplicaShift;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cluster.ReplicaMoves.Move;
import java.util.List;
import picocli.CommandLine.Option;

/** The options and steps of commands that move replicas. Confined to: the main thread. */
final class Shifting {
  @Option(names = "--preview", description = "Shows what would move, and changes nothing.")
  private boolean preview;

  @Option(
      names = "--throttle",
      paramLabel = "BYTES",
      description = "Most bytes per second that a broker copies.")
  private long bytesPerSecond = -1;

  @Option(names = "--no-wait", description = "Ends when the moves have begun.")
  private boolean noWait;

  @Option(names = "--cancel", description = "Ends moves that are under way.")
  private boolean cancel;

  boolean isCancelled() {
    return cancel;
  }

  boolean isPreview() {
    return preview;
  }

  /**
   * Shows or carries out a plan.
   *
   * @param task what is done, in a word
   * @return whether it was carried out to its end
   */
  boolean carryOut(
      AdminSession session, List<Move> moves, String task, Common common, Shell shell) {
    if (preview || common.json()) {
      common.print(listing(moves), shell);
    }
    if (preview) {
      shell.hint("nothing was moved yet; leave --preview out to do it");
      return false;
    }
    if (moves.isEmpty()) {
      return true;
    }
    if (noWait && bytesPerSecond >= 0) {
      throw ToolException.wrongUsage("--throttle and --no-wait do not go together")
          .hint("The limit is taken away at the end, which must be waited for.");
    }
    ReplicaShift shift = new ReplicaShift(session, moves);
    shift.begin(bytesPerSecond);
    if (noWait) {
      shell.hint("see how far it is with: millrace cluster status");
      return false;
    }
    if (shell.errIsTerminal()) {
      shell.hint("Ctrl-C ends the watching, not the moves; --cancel ends those");
    }
    shift.watch(shell, task);
    Elections elections = shift.finish(bytesPerSecond >= 0);
    elections
        .failed()
        .forEach((id, why) -> shell.error(id + " keeps its leader: " + why.getMessage()));
    return elections.failed().isEmpty();
  }

  private static Listing listing(List<Move> moves) {
    Listing listing = Listing.of("topic", "partition", "from", "to");
    moves.forEach(
        move ->
            listing.add(
                move.partition().topic(), move.partition().partition(), move.from(), move.to()));
    return listing;
  }

  static String partitions(long count) {
    return count == 1 ? "1 partition" : count + " partitions";
  }
}
