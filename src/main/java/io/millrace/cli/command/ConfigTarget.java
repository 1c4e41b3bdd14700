package io.millrace.cli.command;

import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whose settings are meant: exactly one of them. */
final class ConfigTarget {
  @Option(
      names = {"-t", "--topic"},
      paramLabel = "TOPIC",
      description = "Settings of this topic.")
  private @Nullable String topic;

  @Option(names = "--broker", paramLabel = "ID", description = "Settings of this broker.")
  private @Nullable Integer broker;

  @Option(names = "--brokers", description = "Settings of all brokers.")
  private boolean brokers;

  /**
   * Whose they are.
   *
   * @throws ToolException unless exactly one was named
   */
  ConfigResource resource() {
    int named = (topic == null ? 0 : 1) + (broker == null ? 0 : 1) + (brokers ? 1 : 0);
    if (named != 1) {
      throw ToolException.wrongUsage(
              named == 0
                  ? "Say whose settings: --topic TOPIC, --broker ID or --brokers"
                  : "Name one of --topic, --broker and --brokers")
          .hint("For example: --topic hello.kafka");
    }
    if (topic != null) {
      return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
    return new ConfigResource(
        ConfigResource.Type.BROKER, broker == null ? "" : String.valueOf(broker));
  }

  /** Where settings come from that were made for just this target. */
  ConfigSource ownSource() {
    if (topic != null) {
      return ConfigSource.DYNAMIC_TOPIC_CONFIG;
    }
    return broker == null
        ? ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG
        : ConfigSource.DYNAMIC_BROKER_CONFIG;
  }

  /** What to type instead of keys that are not known. */
  Optional<String> hint(Collection<String> keys) {
    return topic != null ? ConfigKeyHints.topic(keys) : ConfigKeyHints.broker(keys);
  }

  /** The target in words. */
  String words() {
    return topic != null ? "topic " + topic : broker != null ? "broker " + broker : "all brokers";
  }
}
