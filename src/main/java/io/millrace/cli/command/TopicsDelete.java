package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Progress;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace topics delete}. Confined to: the main thread. */
@Command(name = "delete", sortOptions = false, description = "Deletes topics with their records.")
final class TopicsDelete implements Callable<Integer> {
  private static final int NAMED_MAX = 5;

  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOPIC",
      description = "Topics; * and ? stand for any letters.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = {"-y", "--yes"},
      description = "Deletes all that * and ? stand for.")
  private boolean yes;

  @Option(names = "--if-exists", description = "A topic that is not there is no failure.")
  private boolean ifExists;

  @Mixin private final Common common = new Common();

  TopicsDelete(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("deleted");
    try (AdminSession session = common.open(shell)) {
      Collection<String> names = names(session);
      confirm(names);
      try (Progress progress = Progress.ofMany(shell, "deleting", names.size(), "topics")) {
        var results = session.admin().deleteTopics(names).topicNameValues();
        for (String name : names) {
          KafkaFuture<Void> deleted = results.get(name);
          await(deleted);
          listing.add(name);
          progress.add(1);
        }
      }
    }
    common.print(listing, shell);
    return 0;
  }

  private Collection<String> names(AdminSession session) {
    List<String> wanted = new ArrayList<>(topics);
    if (ifExists) {
      SortedSet<String> all = TopicSelection.all(session, true);
      wanted.removeIf(name -> !TopicSelection.isPattern(name) && !all.contains(name));
    }
    return wanted.isEmpty() ? new TreeSet<>() : TopicSelection.named(session, wanted, false);
  }

  private void confirm(Collection<String> names) {
    boolean several = topics.stream().anyMatch(TopicSelection::isPattern) && names.size() > 1;
    if (several && !yes) {
      String some = String.join(", ", names.stream().limit(NAMED_MAX).toList());
      throw ToolException.wrongUsage(
              "That deletes %d topics: %s%s"
                  .formatted(names.size(), some, names.size() > NAMED_MAX ? ", …" : ""))
          .hint("Add --yes to delete them.");
    }
  }
}
