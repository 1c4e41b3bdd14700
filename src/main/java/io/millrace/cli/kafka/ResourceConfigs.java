package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.DidYouMean;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.Topic;

/**
 * Settings of topics, brokers, their loggers, groups and sets of client metrics, as {@code
 * kafka-configs} shows them. Confined to: the main thread.
 */
final class ResourceConfigs {
  private final AdminSession session;
  private final Shell shell;

  ResourceConfigs(AdminSession session, Shell shell) {
    this.session = session;
    this.shell = shell;
  }

  /** What a type of entity is to the protocol. */
  private static ConfigResource resource(String type, String name) {
    return new ConfigResource(
        switch (type) {
          case "topics" -> ConfigResource.Type.TOPIC;
          case "brokers" -> ConfigResource.Type.BROKER;
          case "broker-loggers" -> ConfigResource.Type.BROKER_LOGGER;
          case "client-metrics" -> ConfigResource.Type.CLIENT_METRICS;
          default -> ConfigResource.Type.GROUP;
        },
        name);
  }

  /** Where settings of an entity's own come from. */
  private static ConfigSource ownSource(String type, String name) {
    return switch (type) {
      case "topics" -> ConfigSource.DYNAMIC_TOPIC_CONFIG;
      case "brokers" ->
          name.isEmpty()
              ? ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG
              : ConfigSource.DYNAMIC_BROKER_CONFIG;
      case "broker-loggers" -> ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG;
      case "client-metrics" -> ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG;
      default -> ConfigSource.DYNAMIC_GROUP_CONFIG;
    };
  }

  /** Prints settings: those of the entity's own, or all. */
  void describe(EntityNames entity, boolean all) {
    List<String> names = entity.names();
    if (!names.isEmpty() && entity.type().equals("topics")) {
      Topic.validate(entity.name());
    }
    if (!names.isEmpty() && !all && !known(entity.type(), true).contains(entity.name())) {
      shell
          .out()
          .println(
              "The %s '%s' doesn't exist and doesn't have dynamic config."
                  .formatted(entity.kind(), entity.name()));
      DidYouMean.among(entity.name(), known(entity.type(), false))
          .ifPresent(near -> shell.hint("did you mean " + near + "?"));
      return;
    }
    List<String> wanted = names.isEmpty() ? known(entity.type(), true) : List.of(entity.name());
    List<ConfigResource> resources =
        wanted.stream().map(name -> resource(entity.type(), name)).toList();
    if (resources.isEmpty()) {
      return;
    }
    DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true);
    Map<ConfigResource, KafkaFuture<Config>> configs =
        session.admin().describeConfigs(resources, options).values();
    for (ConfigResource one : resources) {
      shell.out().println(head(entity, one.name(), all));
      entries(await(configs.get(one)), entity.type(), one.name(), all)
          .forEach(entry -> shell.out().println(line(entry)));
    }
  }

  private static String head(EntityNames entity, String name, boolean all) {
    return name.isEmpty()
        ? "Default configs for " + entity.type() + " in the cluster are:"
        : (all ? "All" : "Dynamic") + " configs for " + entity.kind() + " " + name + " are:";
  }

  private static List<ConfigEntry> entries(Config config, String type, String name, boolean all) {
    ConfigSource own = ownSource(type, name);
    return config.entries().stream()
        .filter(entry -> all || entry.source() == own)
        .sorted(Comparator.comparing(ConfigEntry::name))
        .toList();
  }

  private static String line(ConfigEntry entry) {
    String synonyms =
        entry.synonyms().stream()
            .map(one -> one.source() + ":" + one.name() + "=" + one.value())
            .collect(Collectors.joining(", "));
    return "  %s=%s sensitive=%s synonyms={%s}"
        .formatted(entry.name(), entry.value(), entry.isSensitive(), synonyms);
  }

  /** Entities that are there; with the one that stands for all brokers, if that is wanted. */
  private List<String> known(String type, boolean withDefault) {
    return switch (type) {
      case "topics" ->
          await(session.admin().listTopics(new ListTopicsOptions().listInternal(true)).names())
              .stream()
              .sorted()
              .toList();
      case "brokers", "broker-loggers" ->
          Stream.concat(
                  await(session.admin().describeCluster().nodes()).stream()
                      .sorted(Comparator.comparingInt(Node::id))
                      .map(Node::idString),
                  withDefault ? Stream.of("") : Stream.empty())
              .toList();
      case "client-metrics" -> configured(ConfigResource.Type.CLIENT_METRICS);
      default ->
          Stream.concat(
                  await(session.admin().listGroups().all()).stream().map(GroupListing::groupId),
                  configuredGroups().stream())
              .distinct()
              .toList();
    };
  }

  private List<String> configured(ConfigResource.Type type) {
    return await(
            session
                .admin()
                .listConfigResources(Set.of(type), new ListConfigResourcesOptions())
                .all())
        .stream()
        .map(ConfigResource::name)
        .toList();
  }

  private List<String> configuredGroups() {
    try {
      return configured(ConfigResource.Type.GROUP);
    } catch (UnsupportedVersionException | ClusterAuthorizationException e) {
      // A broker that keeps no settings of groups, or does not tell us.
      return List.of();
    }
  }

  /** Makes and drops settings. */
  void alter(EntityNames entity, ConfigPairs pairs) {
    if (entity.type().equals("broker-loggers")) {
      checkLoggers(entity, pairs);
    }
    List<AlterConfigOp> changes = new ArrayList<>();
    pairs
        .deleted()
        .forEach(
            key ->
                changes.add(
                    new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE)));
    pairs
        .added()
        .forEach(
            (key, value) ->
                changes.add(
                    new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    ConfigResource resource = resource(entity.type(), entity.name());
    Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(resource, changes);
    await(session.admin().incrementalAlterConfigs(change).all());
  }

  private void checkLoggers(EntityNames entity, ConfigPairs pairs) {
    ConfigResource resource = resource(entity.type(), entity.name());
    Set<String> loggers =
        await(session.admin().describeConfigs(List.of(resource)).all())
            .get(resource)
            .entries()
            .stream()
            .map(ConfigEntry::name)
            .collect(Collectors.toSet());
    List<String> unknown = pairs.keys().stream().filter(key -> !loggers.contains(key)).toList();
    if (!unknown.isEmpty()) {
      throw ToolException.failed("Invalid broker logger(s): " + String.join(",", unknown));
    }
  }
}
