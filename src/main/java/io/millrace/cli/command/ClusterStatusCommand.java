package io.millrace.cli.command;

import io.millrace.cli.reassign.ClusterSurvey;
import io.millrace.cli.reassign.ClusterSurvey.Held;
import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code millrace cluster status}: brokers, their roles, and how many of them may be lost. Confined
 * to: the main thread.
 */
@Command(
    name = "status",
    sortOptions = false,
    description = "Shows the brokers, what each holds, and how many may be lost.")
final class ClusterStatusCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final Common common = new Common();

  @Option(
      names = "--check",
      description = "Exits with 1 unless all brokers are there and all partitions in sync.")
  private boolean check;

  ClusterStatusCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ClusterSurvey survey;
    try (AdminSession session = common.open(shell)) {
      survey = ClusterSurvey.of(session);
    }
    Listing brokers = brokers(survey);
    Map<String, Object> partitions = partitions(survey);
    if (common.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("cluster", survey.clusterId());
      json.put("can_lose", survey.bears().lost());
      json.put("why", survey.bears().why());
      json.put("brokers", brokers.objects());
      json.put("partitions", partitions);
      shell.out().println(JsonText.pretty(json));
    } else {
      shell.out().println("cluster " + survey.clusterId() + " " + words(survey.bears()));
      common.print(brokers, shell);
      shell.out().println(text(partitions));
    }
    return check && !isWell(survey) ? ToolException.FAILED : 0;
  }

  private String words(ClusterSurvey.Bears bears) {
    String colour = bears.lost() > 0 ? "\033[32m" : "\033[33m";
    String words = shell.coloursOut() ? colour + bears.words() + "\033[0m" : bears.words();
    return words + ": " + bears.why();
  }

  private static Listing brokers(ClusterSurvey survey) {
    Listing listing =
        Listing.of("broker", "address", "rack", "state", "roles", "leads", "replicas", "in sync");
    survey
        .brokers()
        .forEach(
            (id, node) ->
                listing.add(
                    id,
                    node.host() + ":" + node.port(),
                    Objects.requireNonNullElse(node.rack(), ""),
                    state(node),
                    roles(survey, id),
                    survey.count(held -> held.leader() == id),
                    survey.count(held -> held.replicas().contains(id)),
                    survey.count(held -> held.isr().contains(id))));
    return listing;
  }

  private static String state(Node node) {
    return node.isFenced() ? "away" : "there";
  }

  private static List<String> roles(ClusterSurvey survey, int id) {
    List<String> roles = new ArrayList<>();
    if (survey.controller() == id) {
      roles.add("controller");
    }
    if (survey.voters().contains(id)) {
      roles.add("voter");
    }
    return roles;
  }

  private static boolean isBehind(Held held) {
    return held.isr().size() < held.replicas().size();
  }

  private static Map<String, Object> partitions(ClusterSurvey survey) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("all", survey.partitions().size());
    counts.put("behind", survey.count(ClusterStatusCommand::isBehind));
    counts.put("without_leader", survey.count(held -> held.leader() < 0));
    counts.put("moving", survey.moving().size());
    return counts;
  }

  private static String text(Map<String, Object> counts) {
    return counts.get("all")
        + " partitions, "
        + counts.get("behind")
        + " not in sync everywhere, "
        + counts.get("without_leader")
        + " without a leader, "
        + counts.get("moving")
        + " moving";
  }

  private static boolean isWell(ClusterSurvey survey) {
    return survey.brokers().keySet().stream().allMatch(survey::isAlive)
        && survey.count(held -> isBehind(held) || held.leader() < 0) == 0;
  }
}
