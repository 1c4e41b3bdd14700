package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kafka-log-dirs}: what lies in the data folders. Confined to: the main thread. */
@Command(
    name = "kafka-log-dirs",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Shows how much each partition takes in the brokers' data folders, as JSON.")
final class KafkaLogDirs implements Callable<Integer> {
  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ToCluster cluster = new ToCluster();

  @Option(names = "--describe", description = "Shows the folders.")
  private boolean describe;

  @Option(
      names = "--topic-list",
      split = ",",
      paramLabel = "TOPIC[,...]",
      description = "Topics. Default: all.")
  private Set<String> topics = new TreeSet<>();

  @Option(
      names = "--broker-list",
      split = ",",
      paramLabel = "ID[,...]",
      description = "Brokers by their numbers. Default: all.")
  private List<String> brokers = new ArrayList<>();

  KafkaLogDirs(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    OptionRules.of(Objects.requireNonNull(spec)).required("--describe", "");
    topics.remove("");
    try (AdminSession session = cluster.open(shell, "log-dirs-tool")) {
      Set<Integer> wanted = wanted(await(session.admin().describeCluster().nodes()));
      shell.out().println("Querying brokers for log directories information");
      Map<Integer, Map<String, LogDirDescription>> folders =
          new TreeMap<>(await(session.admin().describeLogDirs(wanted).allDescriptions()));
      shell.out().println("Received log directory information from brokers " + joined(wanted));
      shell.out().println(JsonText.line(json(folders)));
    }
    return 0;
  }

  private Set<Integer> wanted(Collection<Node> nodes) {
    Set<Integer> there =
        nodes.stream().map(Node::id).collect(Collectors.toCollection(TreeSet::new));
    Set<Integer> asked = new TreeSet<>();
    for (String one : brokers) {
      if (!one.isBlank()) {
        asked.add(number(one.strip()));
      }
    }
    Set<Integer> absent = new TreeSet<>(asked);
    absent.removeAll(there);
    if (!absent.isEmpty()) {
      throw ToolException.failed(
          "ERROR: The given brokers do not exist from --broker-list: "
              + joined(absent)
              + ". Current existent brokers: "
              + joined(there));
    }
    return asked.isEmpty() ? there : asked;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ToolException.wrongUsage("'" + text + "' is no broker's number")
          .hint(
              "Here --broker-list takes numbers such as 0,1; addresses go with"
                  + " --bootstrap-server HOST:PORT.")
          .because(e);
    }
  }

  private static String joined(Set<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private Map<String, Object> json(Map<Integer, Map<String, LogDirDescription>> folders) {
    List<Object> all = new ArrayList<>();
    folders.forEach(
        (broker, dirs) -> {
          List<Object> described = new ArrayList<>();
          new TreeMap<>(dirs).forEach((path, dir) -> described.add(json(path, dir)));
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("broker", broker);
          one.put("logDirs", described);
          all.add(one);
        });
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("brokers", all);
    root.put("version", 1);
    return root;
  }

  private Map<String, Object> json(String path, LogDirDescription folder) {
    List<Object> partitions = new ArrayList<>();
    folder.replicaInfos().entrySet().stream()
        .filter(one -> topics.isEmpty() || topics.contains(one.getKey().topic()))
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(TopicPartition::toString)))
        .forEach(one -> partitions.add(json(one.getKey(), one.getValue())));
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("partitions", partitions);
    described.put("error", folder.error() == null ? null : folder.error().getClass().getName());
    described.put("logDir", path);
    return described;
  }

  private static Map<String, Object> json(TopicPartition partition, ReplicaInfo replica) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("partition", partition.toString());
    described.put("size", replica.size());
    described.put("offsetLag", replica.offsetLag());
    described.put("isFuture", replica.isFuture());
    return described;
  }
}
