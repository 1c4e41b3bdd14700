package io.millrace.metadata;

import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigException;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import io.millrace.config.LogConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The configs in force at an image: what is written for this broker, under what was set for it, for
 * all brokers, and for a topic. A stored value that this version does not accept is as if it were
 * not there.
 *
 * <p>Immutable.
 */
public final class EffectiveConfigs {
  private final BrokerConfig written;
  private final ConfigScope thisBroker;

  /**
   * @param written the configuration that this broker started with
   * @param brokerId id of this broker
   */
  public EffectiveConfigs(BrokerConfig written, int brokerId) {
    this.written = written;
    this.thisBroker = ConfigScope.broker(brokerId);
  }

  /** The configuration of this broker at that image. */
  public BrokerConfig broker(ClusterImage image) {
    Map<String, String> forAll = image.configs(ConfigScope.DEFAULT_BROKER);
    Map<String, String> forThis = image.configs(thisBroker);
    if (forAll.isEmpty() && forThis.isEmpty()) {
      return written;
    }
    return written.withDynamic(
        accepted(forAll, KnownKeys::broker), accepted(forThis, KnownKeys::broker));
  }

  /** The settings of a topic at that image; those of a topic without any when there is none. */
  public LogConfig topic(ClusterImage image, String topic) {
    return LogConfig.of(
        broker(image), accepted(image.configs(ConfigScope.topic(topic)), KnownKeys::topic));
  }

  /** Whether the change can have changed the settings of every topic. */
  public boolean touchesAllTopics(ClusterChange change) {
    return change.configs().contains(ConfigScope.DEFAULT_BROKER)
        || change.configs().contains(thisBroker);
  }

  private static Map<String, String> accepted(
      Map<String, String> stored, Function<String, Optional<Key<?>>> keys) {
    Map<String, String> accepted = new HashMap<>();
    stored.forEach(
        (name, text) -> {
          if (keys.apply(name).filter(key -> isValid(key, text)).isPresent()) {
            accepted.put(name, text);
          }
        });
    return accepted;
  }

  private static boolean isValid(Key<?> key, String text) {
    try {
      key.parse(text);
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }
}
