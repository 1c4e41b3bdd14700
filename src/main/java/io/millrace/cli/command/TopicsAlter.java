package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.NewPartitions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace topics alter}. Confined to: the main thread. */
@Command(
    name = "alter",
    sortOptions = false,
    description = {
      "Raises the number of partitions of topics.",
      "Records with a key go to other partitions afterwards. Settings are changed with: millrace"
          + " configs set"
    })
final class TopicsAlter implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOPIC",
      description = "Topics; * and ? stand for any letters.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = {"-p", "--partitions"},
      required = true,
      paramLabel = "N",
      description = "How many partitions each shall have.")
  private int partitions;

  @Mixin private final Common common = new Common();

  TopicsAlter(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Listing listing = Listing.of("altered", "partitions");
    try (AdminSession session = common.open(shell)) {
      Collection<String> names = TopicSelection.named(session, topics, false);
      Map<String, NewPartitions> wanted = new LinkedHashMap<>();
      names.forEach(name -> wanted.put(name, NewPartitions.increaseTo(partitions)));
      await(session.admin().createPartitions(wanted).all());
      names.forEach(name -> listing.add(name, partitions));
    }
    common.print(listing, shell);
    return 0;
  }
}
