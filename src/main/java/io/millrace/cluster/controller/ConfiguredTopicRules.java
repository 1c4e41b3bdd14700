package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.jspecify.annotations.Nullable;

/**
 * The rules that the controller's own configuration gives.
 *
 * <p>Thread-safe: what it remembers follows from the configuration.
 */
final class ConfiguredTopicRules implements TopicRules {
  private final BrokerConfig config;

  // Any thread: of a topic without settings of its own, as most are; null before the first.
  private volatile @Nullable List<CreatableTopicConfigs> defaults;

  ConfiguredTopicRules(BrokerConfig config) {
    this.config = config;
  }

  /** Whether these are the rules of that configuration. */
  boolean areOf(BrokerConfig other) {
    return config == other;
  }

  @Override
  public int partitions() {
    return config.get(BrokerKeys.NUM_PARTITIONS);
  }

  @Override
  public int replicationFactor() {
    return config.get(BrokerKeys.DEFAULT_REPLICATION_FACTOR);
  }

  @Override
  public void check(Map<String, String> configs) {
    ConfigCheck.topic(config, configs);
  }

  @Override
  public List<CreatableTopicConfigs> describe(Map<String, String> configs) {
    if (!configs.isEmpty()) {
      return described(configs);
    }
    List<CreatableTopicConfigs> known = defaults;
    if (known == null) {
      known = described(configs);
      defaults = known;
    }
    return known;
  }

  private List<CreatableTopicConfigs> described(Map<String, String> configs) {
    return config.describeTopic(configs).stream()
        .filter(entry -> entry.value() != null)
        .map(
            entry ->
                new RepeatedConfig()
                    .setName(entry.key().name())
                    .setValue(entry.value())
                    .setReadOnly(entry.readOnly())
                    .setConfigSource(entry.source().id())
                    .setIsSensitive(entry.key().sensitive()))
        .toList();
  }
}
