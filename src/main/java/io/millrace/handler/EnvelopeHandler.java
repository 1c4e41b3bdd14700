package io.millrace.handler;

import io.millrace.cluster.peer.Envelopes;
import io.millrace.cluster.peer.PeerService;
import io.millrace.cluster.peer.PeerServices;
import io.millrace.time.Clock;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Envelope (58), version 0: carries messages of our own between brokers; on the peer port only.
 *
 * <p>Not done: Kafka's own use of it, a client's request inside (KIP-590).
 *
 * <p>Thread-safe.
 */
public final class EnvelopeHandler implements ApiHandler<EnvelopeRequestData> {
  private final PeerServices services;
  private final EnvelopeFaults faults = new EnvelopeFaults();

  /** Hands what is inside to one of {@code services}. */
  public EnvelopeHandler(PeerServices services) {
    this.services = services;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ENVELOPE;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, EnvelopeRequestData request) {
    int kind = Envelopes.kind(request);
    PeerService service = services.of(kind);
    if (service == null) {
      return Future.succeededFuture(refusal(Errors.UNSUPPORTED_VERSION));
    }
    Future<byte[]> answer;
    try {
      answer = service.serve(context.loop(), Envelopes.body(request));
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    if (kind == PeerService.PROBE && !answer.isComplete()) {
      // Anybody may probe: one at a time of each connection, so that all have their turn.
      Runnable next = context.connection().holdNext();
      answer.onComplete(done -> next.run());
    }
    return answer.transform(result -> Future.succeededFuture(answer(context, kind, result)));
  }

  private ApiMessage answer(RequestContext context, int kind, AsyncResult<byte[]> result) {
    if (result.succeeded()) {
      return new EnvelopeResponseData().setResponseData(ByteBuffer.wrap(result.result()));
    }
    if (result.cause() instanceof ApiException known) {
      return refusal(Errors.forException(known));
    }
    Clock clock = context.loop().clock();
    InetAddress from = context.caller().host();
    if (result.cause() instanceof IllegalArgumentException) {
      faults.malformed(clock, from, kind, result.cause());
      return refusal(Errors.INVALID_REQUEST);
    }
    faults.failed(clock, from, kind, result.cause());
    return refusal(Errors.UNKNOWN_SERVER_ERROR);
  }

  private static EnvelopeResponseData refusal(Errors error) {
    return new EnvelopeResponseData().setErrorCode(error.code());
  }
}
