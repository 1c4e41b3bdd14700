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
 * <p>Thread-safe: what it remembers follows from what it was made of.
 */
public final class EffectiveConfigs {
  private final BrokerConfig written;
  private final ConfigScope thisBroker;

  // Any thread: the last that were worked out. Most topics have no settings of their own.
  private volatile OfBroker lastBroker;
  private volatile OfTopics lastTopics;

  /** Dynamic configs are the same objects in all images between which nobody changed them. */
  private record OfBroker(
      Map<String, String> forAll, Map<String, String> forThis, BrokerConfig config) {}

  private record OfTopics(BrokerConfig broker, LogConfig config) {}

  /**
   * @param written the configuration that this broker started with
   * @param brokerId id of this broker
   */
  public EffectiveConfigs(BrokerConfig written, int brokerId) {
    this.written = written;
    this.thisBroker = ConfigScope.broker(brokerId);
    this.lastBroker = new OfBroker(Map.of(), Map.of(), written);
    this.lastTopics = new OfTopics(BrokerConfig.DEFAULTS, LogConfig.DEFAULTS);
  }

  /** The configuration of this broker at that image. */
  public BrokerConfig broker(ClusterImage image) {
    Map<String, String> forAll = image.configs(ConfigScope.DEFAULT_BROKER);
    Map<String, String> forThis = image.configs(thisBroker);
    OfBroker known = lastBroker;
    if (!isSame(known.forAll, forAll) || !isSame(known.forThis, forThis)) {
      known = new OfBroker(forAll, forThis, broker(forAll, forThis));
      lastBroker = known;
    }
    return known.config;
  }

  /**
   * What a broker with the file of this one would have, were these the configs of a scope.
   *
   * @param scope a broker, or all brokers
   */
  public BrokerConfig brokerWith(
      ClusterImage image, ConfigScope scope, Map<String, String> configs) {
    return scope.equals(ConfigScope.DEFAULT_BROKER)
        ? broker(configs, image.configs(thisBroker))
        : broker(image.configs(ConfigScope.DEFAULT_BROKER), configs);
  }

  /** What a topic would have at that image with these settings of its own. */
  public LogConfig topicWith(ClusterImage image, Map<String, String> own) {
    return LogConfig.of(broker(image), accepted(own, KnownKeys::topic));
  }

  private static boolean isSame(Map<String, String> known, Map<String, String> now) {
    return known == now || (known.isEmpty() && now.isEmpty());
  }

  private BrokerConfig broker(Map<String, String> forAll, Map<String, String> forThis) {
    return forAll.isEmpty() && forThis.isEmpty()
        ? written
        : written.withDynamic(
            accepted(forAll, KnownKeys::broker), accepted(forThis, KnownKeys::broker));
  }

  /**
   * What was set of a key while brokers ran: for that broker, else for all; empty when it was for
   * neither, or only to a value that this version does not accept.
   */
  public static <T> Optional<T> set(ClusterImage image, int brokerId, Key<T> key) {
    return set(image.configs(ConfigScope.broker(brokerId)), key)
        .or(() -> set(image.configs(ConfigScope.DEFAULT_BROKER), key));
  }

  private static <T> Optional<T> set(Map<String, String> stored, Key<T> key) {
    return Optional.ofNullable(stored.get(key.name()))
        .filter(text -> isValid(key, text))
        .map(key::parse);
  }

  /** The settings of a topic at that image; those of a topic without any when there is none. */
  public LogConfig topic(ClusterImage image, String topic) {
    Map<String, String> own = image.configs(ConfigScope.topic(topic));
    BrokerConfig broker = broker(image);
    return own.isEmpty() ? ofTopics(broker) : LogConfig.of(broker, accepted(own, KnownKeys::topic));
  }

  private LogConfig ofTopics(BrokerConfig broker) {
    OfTopics known = lastTopics;
    if (known.broker != broker) {
      known = new OfTopics(broker, LogConfig.of(broker, Map.of()));
      lastTopics = known;
    }
    return known.config;
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
