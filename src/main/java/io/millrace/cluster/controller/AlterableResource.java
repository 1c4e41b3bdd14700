package io.millrace.cluster.controller;

import io.millrace.config.ConfigException;
import io.millrace.config.Key;
import io.millrace.config.Key.Update;
import io.millrace.config.KnownKeys;
import io.millrace.config.Spelling;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A resource whose dynamic configs can be altered: a topic, a broker, or the default of all
 * brokers.
 */
record AlterableResource(ConfigScope scope) {

  /**
   * The resource of a request.
   *
   * @param type code of its type in the protocol
   * @throws RefusedException when it does not exist or has no configs that can be altered
   */
  static AlterableResource find(ClusterImage image, byte type, String name) {
    ConfigResource.Type kind = ConfigResource.Type.forId(type);
    if (kind == ConfigResource.Type.TOPIC) {
      if (image.topic(name) == null) {
        throw new RefusedException(
            Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
      }
      return new AlterableResource(ConfigScope.topic(name));
    }
    if (kind == ConfigResource.Type.BROKER) {
      if (!name.isEmpty() && broker(image, name) == null) {
        throw new RefusedException(
            Errors.INVALID_REQUEST,
            "Unexpected broker id, expected one of "
                + image.brokers().keySet()
                + " or empty string, but received "
                + name);
      }
      return new AlterableResource(new ConfigScope(ConfigScope.Kind.BROKER, name));
    }
    throw new RefusedException(
        Errors.INVALID_REQUEST,
        "Unexpected resource type "
            + (kind == ConfigResource.Type.UNKNOWN ? String.valueOf(type) : kind.toString())
            + ".");
  }

  private static @Nullable Object broker(ClusterImage image, String name) {
    try {
      int id = Integer.parseInt(name);
      return Integer.toString(id).equals(name) ? image.broker(id) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * The key of that name.
   *
   * @throws RefusedException when this resource has no such key, or one that only a restart changes
   */
  Key<?> key(String name) {
    if (scope.kind() == ConfigScope.Kind.TOPIC) {
      return ConfigCheck.topicKey(name);
    }
    Key<?> key = KnownKeys.broker(name).orElse(null);
    if (key == null || key.update() == Update.AT_START) {
      throw new RefusedException(
          Errors.INVALID_REQUEST,
          "Cannot update these configs dynamically: ["
              + name
              + "]"
              + (key == null
                  ? Spelling.hint(name)
                  : "; write it in the configuration of the broker and restart it"));
    }
    if (key.update() == Update.PER_BROKER && scope.name().isEmpty()) {
      throw new RefusedException(
          Errors.INVALID_REQUEST,
          "Cannot update these configs at default cluster level, broker id must be specified: ["
              + name
              + "]");
    }
    return key;
  }

  /** Checks a value. @throws RefusedException naming the key when it is not valid */
  void check(Key<?> key, String value) {
    if (scope.kind() == ConfigScope.Kind.TOPIC) {
      ConfigCheck.check(key, value);
      return;
    }
    ConfigCheck.checkSize(key, value);
    try {
      key.parseServed(value);
    } catch (ConfigException e) {
      throw new RefusedException(Errors.INVALID_REQUEST, e.getMessage());
    }
  }

  /**
   * Checks what must hold between the values.
   *
   * @param configs gives what these leave open
   * @param wanted all that the resource shall have
   * @throws RefusedException saying which contradict each other
   */
  void checkTogether(EffectiveConfigs configs, ClusterImage image, Map<String, String> wanted) {
    if (scope.kind() == ConfigScope.Kind.TOPIC) {
      ConfigCheck.together(configs.topicWith(image, wanted));
      return;
    }
    List<String> contradictions = configs.brokerWith(image, scope, wanted).contradictions();
    if (!contradictions.isEmpty()) {
      throw new RefusedException(Errors.INVALID_REQUEST, contradictions.get(0));
    }
  }
}
