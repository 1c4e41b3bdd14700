package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;

/**
 * AlterConfigs (33): replaces all dynamic configs of topics and brokers. Clients are told to use
 * IncrementalAlterConfigs instead, which loses no change of somebody else.
 *
 * <ul>
 *   <li>0, 1: the same fields. 2: flexible.
 * </ul>
 */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  public AlterConfigsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, AlterConfigsRequestData request) {
    AlterConfigsRequestData permitted = request.duplicate();
    List<AlterConfigsResourceResponse> refused = new ArrayList<>();
    permitted
        .resources()
        .removeIf(r -> refuse(context.caller(), r.resourceType(), r.resourceName(), refused));
    Future<AlterConfigsResponseData> altered =
        permitted.resources().isEmpty()
            ? Future.succeededFuture(new AlterConfigsResponseData())
            : cluster.alterConfigs(context.loop(), context.caller(), permitted);
    Future<AlterConfigsResponseData> answer =
        altered.map(
            reply -> {
              reply.responses().addAll(refused);
              return reply;
            });
    return ClusterAnswers.orError(
        answer,
        e -> new AlterConfigsRequest(request, context.version()).getErrorResponse(0, e).data());
  }

  private boolean refuse(
      Caller caller, byte type, String name, List<AlterConfigsResourceResponse> refused) {
    Errors error = ConfigAccess.alter(authorizer, caller, type, name);
    if (error != Errors.NONE) {
      refused.add(
          new AlterConfigsResourceResponse()
              .setResourceType(type)
              .setResourceName(name)
              .setErrorCode(error.code())
              .setErrorMessage(error.message()));
    }
    return error != Errors.NONE;
  }
}
