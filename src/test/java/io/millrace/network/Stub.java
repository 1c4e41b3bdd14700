package io.millrace.network;

import io.millrace.handler.ApiHandler;
import io.millrace.handler.RequestContext;
import io.vertx.core.Future;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A handler made of a function. */
record Stub<Q extends ApiMessage>(
    ApiKeys api, BiFunction<RequestContext, Q, Future<ApiMessage>> answer)
    implements ApiHandler<Q> {
  @Override
  public Future<ApiMessage> handle(RequestContext context, Q request) {
    return answer.apply(context, request);
  }
}
