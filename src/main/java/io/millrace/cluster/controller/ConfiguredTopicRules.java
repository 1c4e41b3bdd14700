package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** The rules that the controller's own configuration gives. */
final class ConfiguredTopicRules implements TopicRules {
  private final BrokerConfig config;

  ConfiguredTopicRules(BrokerConfig config) {
    this.config = config;
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
    ConfigCheck.topic(configs);
  }

  @Override
  public List<CreatableTopicConfigs> describe(Map<String, String> configs) {
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
