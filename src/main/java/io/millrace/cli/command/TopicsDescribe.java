package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace topics describe}. Confined to: the main thread. */
@Command(
    name = "describe",
    sortOptions = false,
    description = "Shows topics: settings, partitions, replicas and offsets.")
final class TopicsDescribe implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "TOPIC",
      description = "Topics; * and ? stand for any letters.")
  private List<String> topics = new ArrayList<>();

  @Mixin private final Common common = new Common();

  TopicsDescribe(Shell shell) {
    this.shell = shell;
  }

  /** What was read of the cluster. */
  private record Facts(Map<ConfigResource, Config> configs, LogEnds logs) {
    List<ConfigEntry> settings(String topic) {
      return configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic)).entries().stream()
          .filter(one -> one.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
          .toList();
    }
  }

  @Override
  public Integer call() {
    try (AdminSession session = common.open(shell)) {
      Collection<String> names = TopicSelection.named(session, topics, false);
      Map<String, TopicDescription> found =
          new TreeMap<>(await(session.admin().describeTopics(names).allTopicNames()));
      Facts facts = facts(session, found.values());
      if (common.json()) {
        shell
            .out()
            .println(
                JsonText.pretty(found.values().stream().map(one -> json(one, facts)).toList()));
      } else if (shell.outIsTerminal()) {
        found.values().forEach(one -> show(one, facts));
      } else {
        Listing all = partitions(true);
        found.values().forEach(one -> fill(all, one, facts, true));
        all.print(shell, false);
      }
    }
    return 0;
  }

  private static Facts facts(AdminSession session, Collection<TopicDescription> topics) {
    List<ConfigResource> resources =
        topics.stream()
            .map(one -> new ConfigResource(ConfigResource.Type.TOPIC, one.name()))
            .toList();
    return new Facts(
        await(session.admin().describeConfigs(resources).all()), LogEnds.of(session, topics));
  }

  private void show(TopicDescription topic, Facts facts) {
    int replicas = topic.partitions().get(0).replicas().size();
    shell
        .out()
        .println(
            "%s  %s, %s  id %s"
                .formatted(
                    bold(topic.name()),
                    count(topic.partitions().size(), "partition"),
                    count(replicas, "replica"),
                    topic.topicId()));
    for (ConfigEntry one : facts.settings(topic.name())) {
      Object value = SettingValues.shown(one);
      shell
          .out()
          .println("  " + one.name() + " = " + (value instanceof Shown both ? both.text() : value));
    }
    Listing listing = partitions(false);
    fill(listing, topic, facts, false);
    listing.print(shell, false);
    shell.out().println();
  }

  private String bold(String text) {
    return shell.coloursOut() ? "\033[1m" + text + "\033[0m" : text;
  }

  static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private static Listing partitions(boolean withTopic) {
    return withTopic
        ? Listing.of(
            "topic", "partition", "leader", "replicas", "isr", "earliest", "latest", "records")
        : Listing.of("partition", "leader", "replicas", "isr", "earliest", "latest", "records");
  }

  private static void fill(
      Listing listing, TopicDescription topic, Facts facts, boolean withTopic) {
    for (TopicPartitionInfo one : topic.partitions()) {
      List<Object> row = new ArrayList<>();
      if (withTopic) {
        row.add(topic.name());
      }
      row.addAll(row(topic.name(), one, facts).values());
      listing.add(row.toArray());
    }
  }

  private static Map<String, Object> row(String topic, TopicPartitionInfo partition, Facts facts) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("partition", partition.partition());
    row.put("leader", partition.leader() == null ? "none" : partition.leader().id());
    row.put("replicas", partition.replicas().stream().map(Node::id).toList());
    row.put("isr", partition.isr().stream().map(Node::id).toList());
    row.putAll(facts.logs.columns(new TopicPartition(topic, partition.partition())));
    return row;
  }

  private static Map<String, Object> json(TopicDescription topic, Facts facts) {
    Map<String, Object> settings = new LinkedHashMap<>();
    facts.settings(topic.name()).forEach(one -> settings.put(one.name(), one.value()));
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("topic", topic.name());
    described.put("id", topic.topicId().toString());
    described.put("internal", topic.isInternal());
    described.put("settings", settings);
    described.put(
        "partitions",
        topic.partitions().stream().map(one -> row(topic.name(), one, facts)).toList());
    return described;
  }
}
