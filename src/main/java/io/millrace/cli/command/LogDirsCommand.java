package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.BrokerApis;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.Shown;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace log-dirs}: the brokers' data folders. Confined to: the main thread. */
@Command(
    name = "millrace log-dirs",
    sortOptions = false,
    description = "Shows the brokers' data folders and what lies in them.")
final class LogDirsCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = {"-p", "--partitions"},
      description = "A line for each partition, the largest first.")
  private boolean partitions;

  @Mixin private final Common common = new Common();

  LogDirsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Map<Integer, Map<String, LogDirDescription>> folders;
    try (AdminSession session = common.open(shell)) {
      var brokers = BrokerApis.brokers(session).stream().map(Node::id).toList();
      folders = new TreeMap<>(await(session.admin().describeLogDirs(brokers).allDescriptions()));
    }
    Listing listing =
        partitions
            ? Listing.of("topic", "partition", "size", "broker", "folder")
            : Listing.of("broker", "folder", "partitions", "size", "free", "total", "state");
    folders.forEach(
        (broker, those) ->
            new TreeMap<>(those)
                .forEach(
                    (path, folder) -> {
                      if (partitions) {
                        addPartitions(listing, broker, path, folder);
                      } else {
                        addFolder(listing, broker, path, folder);
                      }
                    }));
    common.print(listing, shell);
    return 0;
  }

  private static void addFolder(
      Listing listing, int broker, String path, LogDirDescription folder) {
    long size = folder.replicaInfos().values().stream().mapToLong(ReplicaInfo::size).sum();
    listing.add(
        broker,
        path,
        folder.replicaInfos().size(),
        Shown.bytes(size),
        bytes(folder.usableBytes()),
        bytes(folder.totalBytes()),
        folder.error() == null ? "online" : "failed: " + folder.error().getMessage());
  }

  private static Object bytes(OptionalLong bytes) {
    return bytes.isPresent() ? Shown.bytes(bytes.getAsLong()) : "unknown";
  }

  private static void addPartitions(
      Listing listing, int broker, String path, LogDirDescription folder) {
    Comparator<Map.Entry<TopicPartition, ReplicaInfo>> largest =
        Comparator.comparingLong(one -> -one.getValue().size());
    folder.replicaInfos().entrySet().stream()
        .sorted(
            largest
                .thenComparing(one -> one.getKey().topic())
                .thenComparingInt(one -> one.getKey().partition()))
        .forEach(
            one ->
                listing.add(
                    one.getKey().topic(),
                    one.getKey().partition(),
                    Shown.bytes(one.getValue().size()),
                    broker,
                    path));
  }
}
