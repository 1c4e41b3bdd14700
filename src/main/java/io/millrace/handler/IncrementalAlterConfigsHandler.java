package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;

/**
 * IncrementalAlterConfigs (44): sets, deletes, appends to and subtracts from dynamic configs of
 * topics and brokers, key by key (KIP-339).
 *
 * <ul>
 *   <li>0: as said. 1: flexible.
 * </ul>
 */
public final class IncrementalAlterConfigsHandler
    implements ApiHandler<IncrementalAlterConfigsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  public IncrementalAlterConfigsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, IncrementalAlterConfigsRequestData request) {
    IncrementalAlterConfigsRequestData permitted = request.duplicate();
    List<AlterConfigsResourceResponse> refused = new ArrayList<>();
    permitted
        .resources()
        .removeIf(r -> refuse(context.caller(), r.resourceType(), r.resourceName(), refused));
    Future<IncrementalAlterConfigsResponseData> altered =
        permitted.resources().isEmpty()
            ? Future.succeededFuture(new IncrementalAlterConfigsResponseData())
            : cluster.incrementalAlterConfigs(context.loop(), context.caller(), permitted);
    Future<IncrementalAlterConfigsResponseData> answer =
        altered.map(
            reply -> {
              reply.responses().addAll(refused);
              return reply;
            });
    return ClusterAnswers.orError(
        answer,
        e ->
            new IncrementalAlterConfigsRequest(request, context.version())
                .getErrorResponse(0, e)
                .data());
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
