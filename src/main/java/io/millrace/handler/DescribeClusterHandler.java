package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DescribeCluster (60): brokers, controller and cluster id (KIP-700).
 *
 * <ul>
 *   <li>0: as said. 1: the client says that it means brokers, not controllers (KIP-919).
 *   <li>2: fenced brokers are listed to those who ask for them (KIP-1073).
 * </ul>
 */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequestData> {
  private static final byte BROKERS = 1;
  private static final byte CONTROLLERS = 2;

  private final Cluster cluster;
  private final Authorizer authorizer;

  public DescribeClusterHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeClusterRequestData request) {
    if (request.endpointType() != BROKERS) {
      return Future.succeededFuture(wrongEndpoint(request.endpointType()));
    }
    ClusterImage image = cluster.image();
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setClusterId(image.clusterId())
            .setControllerId(isReachable(image, image.controllerId()) ? image.controllerId() : -1)
            .setEndpointType(BROKERS);
    for (BrokerImage broker : image.brokers().values()) {
      Endpoint endpoint = broker.endpoint(context.caller().listener());
      if (endpoint != null && (isReachable(image, broker.id()) || request.includeFencedBrokers())) {
        response.brokers().add(describe(context, broker, endpoint));
      }
    }
    if (request.includeClusterAuthorizedOperations()) {
      boolean mayDescribe =
          authorizer.allows(
              context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
      response.setClusterAuthorizedOperations(
          mayDescribe ? AuthorizedOperations.cluster(authorizer, context.caller()) : 0);
    }
    return Future.succeededFuture(response);
  }

  private static DescribeClusterResponseData wrongEndpoint(byte type) {
    DescribeClusterResponseData response = new DescribeClusterResponseData().setClusterId("");
    return type == CONTROLLERS
        ? response
            .setErrorCode(Errors.MISMATCHED_ENDPOINT_TYPE.code())
            .setErrorMessage(
                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of"
                    + " type CONTROLLER")
        : response
            .setErrorCode(Errors.UNSUPPORTED_ENDPOINT_TYPE.code())
            .setErrorMessage("Unsupported endpoint type " + type);
  }

  private boolean isReachable(ClusterImage image, int broker) {
    return image.isAlive(broker) && !cluster.refusing().contains(broker);
  }

  private DescribeClusterBroker describe(
      RequestContext context, BrokerImage broker, Endpoint endpoint) {
    ClientAddress address = ClientAddress.of(endpoint, context.dialled());
    return new DescribeClusterBroker()
        .setBrokerId(broker.id())
        .setHost(address.host())
        .setPort(address.port())
        .setRack(broker.rack())
        .setIsFenced(!isReachable(cluster.image(), broker.id()));
  }
}
