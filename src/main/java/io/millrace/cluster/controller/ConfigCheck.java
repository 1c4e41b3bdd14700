package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigException;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import io.millrace.config.LogConfig;
import io.millrace.config.Spelling;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Checks dynamic configs by what is declared of their keys. */
final class ConfigCheck {
  /** Most characters of a value, as in Kafka. */
  private static final int VALUE_SIZE_MAX = Short.MAX_VALUE;

  private ConfigCheck() {}

  /** Refuses values that are too long to be kept by every broker. */
  static void checkSize(Key<?> key, String value) {
    if (value.length() > VALUE_SIZE_MAX) {
      throw new RefusedException(
          Errors.INVALID_CONFIG,
          "The value of " + key.name() + " has more than " + VALUE_SIZE_MAX + " characters.");
    }
  }

  /**
   * Checks all configs of a new topic.
   *
   * @param broker gives what they leave open
   * @throws RefusedException naming the key that is unknown or whose value is not valid
   */
  static void topic(BrokerConfig broker, Map<String, String> configs) {
    configs.forEach((name, value) -> check(topicKey(name), value));
    if (!configs.isEmpty()) {
      together(LogConfig.of(broker, configs));
    }
  }

  /** Checks what must hold between the settings of a topic. @throws RefusedException naming two */
  static void together(LogConfig topic) {
    if (topic.minCompactionLagMs() > topic.maxCompactionLagMs()) {
      throw new RefusedException(
          Errors.INVALID_CONFIG,
          "conflict topic config setting min.compaction.lag.ms (%d) > max.compaction.lag.ms (%d)"
              .formatted(topic.minCompactionLagMs(), topic.maxCompactionLagMs()));
    }
  }

  /** The topic key of that name. @throws RefusedException when there is none */
  static Key<?> topicKey(String name) {
    return KnownKeys.topic(name)
        .orElseThrow(
            () ->
                new RefusedException(
                    Errors.INVALID_CONFIG,
                    "Unknown topic config name: " + name + Spelling.topicHint(name)));
  }

  static void check(Key<?> key, String value) {
    checkSize(key, value);
    try {
      key.parseServed(value);
    } catch (ConfigException e) {
      throw new RefusedException(
          Errors.INVALID_CONFIG,
          "Invalid value "
              + (key.sensitive() ? "(hidden)" : value)
              + " for configuration "
              + key.name()
              + ": "
              + e.getMessage());
    }
  }
}
