package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigEntries;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** The rules that the controller's own configuration gives. */
final class ConfiguredTopicRules implements TopicRules {
  private final BrokerConfig config;
  private final ConfigEntries entries;

  /**
   * @param config the configuration in force at that image
   * @param brokerId id of the controller
   */
  ConfiguredTopicRules(BrokerConfig config, ClusterImage image, int brokerId) {
    this.config = config;
    this.entries = new ConfigEntries(config, image, brokerId);
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
    return entries.topic(configs).stream()
        .map(
            entry ->
                new CreatableTopicConfigs()
                    .setName(entry.key().name())
                    .setValue(entry.value())
                    .setReadOnly(entry.readOnly())
                    .setConfigSource(entry.source().code())
                    .setIsSensitive(entry.key().sensitive()))
        .toList();
  }
}
