package io.millrace.handler;

import io.vertx.core.Future;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;

/**
 * Answers requests about partitions while their logs are being opened: NOT_LEADER_OR_FOLLOWER,
 * after which whoever asks looks again a moment later. Other brokers ask as soon as the port is
 * open, for they knew this one before it was started anew.
 *
 * <p>Stateless.
 */
public final class StartingHandler implements ApiHandler<ApiMessage> {
  private final ApiKeys api;

  /** A handler of that API, until the one takes its place that knows the partitions. */
  public StartingHandler(ApiKeys api) {
    this.api = api;
  }

  @Override
  public ApiKeys api() {
    return api;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ApiMessage request) {
    AbstractResponse refusal =
        asked(request, context.version())
            .getErrorResponse(0, Errors.NOT_LEADER_OR_FOLLOWER.exception());
    return Future.succeededFuture(refusal == null ? null : refusal.data());
  }

  private AbstractRequest asked(ApiMessage request, short version) {
    return request instanceof ProduceRequestData produce
        ? new ProduceRequest(produce, version)
        : AbstractRequest.parseRequest(
                api, version, MessageUtil.toByteBufferAccessor(request, version))
            .request;
  }
}
