package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * ListConfigResources (74): names of what has configs (KIP-1142).
 *
 * <ul>
 *   <li>0: client metrics only; there are none here. 1: the types that are asked for, all when none
 *       is named: topics and brokers.
 * </ul>
 */
public final class ListConfigResourcesHandler
    implements ApiHandler<ListConfigResourcesRequestData> {
  private static final Set<ConfigResource.Type> TYPES =
      Set.of(
          ConfigResource.Type.TOPIC,
          ConfigResource.Type.BROKER,
          ConfigResource.Type.BROKER_LOGGER,
          ConfigResource.Type.CLIENT_METRICS,
          ConfigResource.Type.GROUP);

  private final Cluster cluster;
  private final Authorizer authorizer;

  public ListConfigResourcesHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_CONFIG_RESOURCES;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ListConfigResourcesRequestData request) {
    ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
    if (!authorizer.allows(
        context.caller(),
        AclOperation.DESCRIBE_CONFIGS,
        ResourceType.CLUSTER,
        Resource.CLUSTER_NAME)) {
      return Future.succeededFuture(
          response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
    if (!request.resourceTypes().stream()
        .map(ConfigResource.Type::forId)
        .allMatch(TYPES::contains)) {
      return Future.succeededFuture(response.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
    }
    if (context.version() > 0) {
      ClusterImage image = cluster.image();
      if (isWanted(request, ConfigResource.Type.TOPIC)) {
        image.topics().keySet().forEach(name -> add(response, ConfigResource.Type.TOPIC, name));
      }
      if (isWanted(request, ConfigResource.Type.BROKER)) {
        image
            .brokers()
            .keySet()
            .forEach(id -> add(response, ConfigResource.Type.BROKER, id.toString()));
      }
    }
    return Future.succeededFuture(response);
  }

  private static boolean isWanted(
      ListConfigResourcesRequestData request, ConfigResource.Type type) {
    return request.resourceTypes().isEmpty() || request.resourceTypes().contains(type.id());
  }

  private static void add(
      ListConfigResourcesResponseData response, ConfigResource.Type type, String name) {
    response
        .configResources()
        .add(
            new ListConfigResourcesResponseData.ConfigResource()
                .setResourceType(type.id())
                .setResourceName(name));
  }
}
