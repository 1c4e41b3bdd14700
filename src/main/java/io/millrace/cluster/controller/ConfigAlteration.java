package io.millrace.cluster.controller;

import io.millrace.config.Key;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides AlterConfigs, which replaces all dynamic configs of a resource, and
 * IncrementalAlterConfigs, which changes them key by key (KIP-339). Each resource is judged on its
 * own.
 */
final class ConfigAlteration {
  private final EffectiveConfigs configs;

  /**
   * @param configs gives what a resource leaves open
   */
  ConfigAlteration(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<AlterConfigsResponseData> replace(ClusterImage image, AlterConfigsRequestData request) {
    AlterConfigsResponseData reply = new AlterConfigsResponseData();
    List<Fact> facts = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    request
        .resources()
        .forEach(r -> times.merge(r.resourceType() + r.resourceName(), 1, Integer::sum));
    for (AlterConfigsRequestData.AlterConfigsResource resource : request.resources()) {
      String name = resource.resourceName();
      AlterConfigsResponseData.AlterConfigsResourceResponse result =
          new AlterConfigsResponseData.AlterConfigsResourceResponse()
              .setResourceType(resource.resourceType())
              .setResourceName(name)
              .setErrorMessage(null);
      reply.responses().add(result);
      try {
        checkOnce(times.get(resource.resourceType() + name));
        AlterableResource target = AlterableResource.find(image, resource.resourceType(), name);
        Map<String, String> wanted = replacement(resource, target);
        target.checkTogether(configs, image, wanted);
        addChange(image, target.scope(), wanted, facts);
      } catch (RefusedException refused) {
        result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
      }
    }
    return request.validateOnly() ? Decision.only(reply) : new Decision<>(facts, reply);
  }

  private static Map<String, String> replacement(
      AlterConfigsRequestData.AlterConfigsResource resource, AlterableResource target) {
    Map<String, String> wanted = new TreeMap<>();
    for (AlterConfigsRequestData.AlterableConfig config : resource.configs()) {
      String value = notNull(config.name(), config.value());
      checkOnceNamed(wanted.put(config.name(), value));
      target.check(target.key(config.name()), value);
    }
    return wanted;
  }

  Decision<IncrementalAlterConfigsResponseData> change(
      ClusterImage image, IncrementalAlterConfigsRequestData request) {
    IncrementalAlterConfigsResponseData reply = new IncrementalAlterConfigsResponseData();
    List<Fact> facts = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    request
        .resources()
        .forEach(r -> times.merge(r.resourceType() + r.resourceName(), 1, Integer::sum));
    for (IncrementalAlterConfigsRequestData.AlterConfigsResource resource : request.resources()) {
      String name = resource.resourceName();
      IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse result =
          new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
              .setResourceType(resource.resourceType())
              .setResourceName(name)
              .setErrorMessage(null);
      reply.responses().add(result);
      try {
        checkOnce(times.get(resource.resourceType() + name));
        AlterableResource target = AlterableResource.find(image, resource.resourceType(), name);
        Map<String, String> wanted = new TreeMap<>(image.configs(target.scope()));
        changeAll(wanted, resource.configs(), target);
        target.checkTogether(configs, image, wanted);
        addChange(image, target.scope(), wanted, facts);
      } catch (RefusedException refused) {
        result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
      }
    }
    return request.validateOnly() ? Decision.only(reply) : new Decision<>(facts, reply);
  }

  private static void changeAll(
      Map<String, String> configs, Iterable<AlterableConfig> changes, AlterableResource target) {
    Map<String, String> named = new HashMap<>();
    for (AlterableConfig change : changes) {
      checkOnceNamed(named.put(change.name(), change.name()));
      Key<?> key = target.key(change.name());
      String next = changed(key, configs.get(key.name()), change);
      if (next == null) {
        configs.remove(key.name());
      } else {
        target.check(key, next);
        configs.put(key.name(), next);
      }
    }
  }

  /** The value after one change; null when the key is not set any more. */
  private static <T> @Nullable String changed(
      Key<T> key, @Nullable String now, AlterableConfig change) {
    OpType operation = OpType.forId(change.configOperation());
    if (operation == null) {
      throw new RefusedException(
          Errors.INVALID_REQUEST, "Unknown operation type " + change.configOperation());
    }
    if (operation == OpType.DELETE) {
      return null;
    }
    String value = notNull(key.name(), change.value());
    if (operation == OpType.SET) {
      return value;
    }
    if (key.type().kafkaType() != ConfigDef.Type.LIST) {
      throw new RefusedException(
          Errors.INVALID_CONFIG,
          "Can't " + operation + " to key " + key.name() + " because its type is not LIST.");
    }
    String base = now != null ? now : key.defaultValue().map(key.type().writer()).orElse("");
    List<String> parts = parts(base);
    if (operation == OpType.APPEND) {
      parts(value).stream().filter(part -> !parts.contains(part)).forEach(parts::add);
    } else {
      parts.removeAll(parts(value));
    }
    return String.join(",", parts);
  }

  private static List<String> parts(String list) {
    List<String> parts = new ArrayList<>();
    for (String part : list.split(",")) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private static void addChange(
      ClusterImage image, ConfigScope scope, Map<String, String> wanted, List<Fact> facts) {
    Map<String, String> now = image.configs(scope);
    Map<String, String> set = new TreeMap<>(wanted);
    set.entrySet().removeIf(entry -> entry.getValue().equals(now.get(entry.getKey())));
    TreeSet<String> removed = new TreeSet<>(now.keySet());
    removed.removeAll(wanted.keySet());
    if (!set.isEmpty() || !removed.isEmpty()) {
      facts.add(new ConfigChanged(scope, set, removed));
    }
  }

  private static void checkOnce(int times) {
    if (times > 1) {
      throw new RefusedException(Errors.INVALID_REQUEST, "Each resource must appear at most once.");
    }
  }

  private static void checkOnceNamed(@Nullable String before) {
    if (before != null) {
      throw new RefusedException(Errors.INVALID_REQUEST, "Error due to duplicate config keys");
    }
  }

  private static String notNull(String name, @Nullable String value) {
    if (value == null) {
      throw new RefusedException(Errors.INVALID_REQUEST, "Null value not supported for : " + name);
    }
    return value;
  }
}
