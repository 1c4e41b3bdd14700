package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigEntry;
import io.millrace.config.ConfigEntry.Source;
import io.millrace.config.Key;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DescribeConfigs (32): configs of topics, of this broker, and those set for all brokers.
 *
 * <ul>
 *   <li>1: sources and synonyms (KIP-226). 2: the same fields.
 *   <li>3: types and documentation (KIP-569). 4: flexible.
 * </ul>
 *
 * <p>A resource that is named several times is answered once, so that a small request cannot ask
 * for a huge answer.
 *
 * <p>Not done: loggers, client metrics and groups, which have no configs here.
 */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  public DescribeConfigsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeConfigsRequestData request) {
    DescribeConfigsResponseData response = new DescribeConfigsResponseData();
    ClusterImage image = cluster.image();
    BrokerConfig config = cluster.config();
    Set<ConfigResource> answered = new HashSet<>();
    for (DescribeConfigsResource resource : request.resources()) {
      ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
      if (!answered.add(new ConfigResource(type, resource.resourceName()))) {
        continue;
      }
      DescribeConfigsResult result =
          new DescribeConfigsResult()
              .setResourceType(resource.resourceType())
              .setResourceName(resource.resourceName())
              .setErrorMessage(null);
      response.results().add(result);
      try {
        result.setConfigs(
            find(context.caller(), image, config, resource).stream()
                .filter(entry -> isWanted(resource, entry))
                .map(entry -> describe(entry, request))
                .toList());
      } catch (ApiException e) {
        result.setErrorCode(Errors.forException(e).code()).setErrorMessage(e.getMessage());
      }
    }
    return Future.succeededFuture(response);
  }

  private List<ConfigEntry> find(
      Caller caller, ClusterImage image, BrokerConfig config, DescribeConfigsResource resource) {
    ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
    return switch (type) {
      case TOPIC -> topic(caller, image, config, resource.resourceName());
      case BROKER -> broker(caller, config, resource.resourceName());
      default -> throw new InvalidRequestException("Unsupported resource type: " + type);
    };
  }

  private List<ConfigEntry> topic(
      Caller caller, ClusterImage image, BrokerConfig config, String name) {
    if (!authorizer.allows(caller, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, name)) {
      throw Errors.TOPIC_AUTHORIZATION_FAILED.exception();
    }
    Topic.validate(name);
    if (image.topic(name) == null) {
      throw Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();
    }
    return config.describeTopic(image.configs(ConfigScope.topic(name))).stream()
        .filter(entry -> entry.value() != null)
        .toList();
  }

  private List<ConfigEntry> broker(Caller caller, BrokerConfig config, String name) {
    if (!authorizer.allows(
        caller, AclOperation.DESCRIBE_CONFIGS, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      throw Errors.CLUSTER_AUTHORIZATION_FAILED.exception();
    }
    if (name.isEmpty()) {
      return config.describe().stream().flatMap(DescribeConfigsHandler::forAllBrokers).toList();
    }
    if (!name.equals(Integer.toString(cluster.brokerId()))) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected "
              + cluster.brokerId()
              + " or empty string, but received "
              + name);
    }
    return config.describe();
  }

  /** The entry with nothing but what was set for all brokers, when anything was. */
  private static Stream<ConfigEntry> forAllBrokers(ConfigEntry entry) {
    return entry.synonyms().stream()
        .filter(synonym -> synonym.source() == Source.DYNAMIC_DEFAULT_BROKER)
        .filter(synonym -> synonym.name().equals(entry.key().name()))
        .map(
            synonym ->
                new ConfigEntry(
                    entry.key(),
                    synonym.value(),
                    synonym.source(),
                    entry.readOnly(),
                    List.of(synonym)));
  }

  private static boolean isWanted(DescribeConfigsResource resource, ConfigEntry entry) {
    List<String> names = resource.configurationKeys();
    return names == null || names.isEmpty() || names.contains(entry.key().name());
  }

  private static DescribeConfigsResourceResult describe(
      ConfigEntry entry, DescribeConfigsRequestData request) {
    DescribeConfigsResourceResult described =
        new DescribeConfigsResourceResult()
            .setName(entry.key().name())
            .setValue(entry.value())
            .setReadOnly(entry.readOnly())
            .setConfigSource(entry.source().id())
            .setIsSensitive(entry.key().sensitive())
            .setConfigType(ConfigType.valueOf(entry.key().type().kafkaType().name()).id())
            .setDocumentation(request.includeDocumentation() ? doc(entry.key()) : null);
    if (request.includeSynonyms()) {
      for (ConfigEntry.Synonym synonym : entry.synonyms()) {
        described
            .synonyms()
            .add(
                new DescribeConfigsSynonym()
                    .setName(synonym.name())
                    .setValue(synonym.value())
                    .setSource(synonym.source().id()));
      }
    }
    return described;
  }

  /** A topic key without words of its own has those of the broker's key of the same meaning. */
  private static <T> String doc(Key<T> key) {
    return key.doc().isEmpty() ? TopicKeys.brokerKeyOf(key).map(Key::doc).orElse("") : key.doc();
  }
}
