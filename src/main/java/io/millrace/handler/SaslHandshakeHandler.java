package io.millrace.handler;

import io.vertx.core.Future;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * SaslHandshake (17): a client names the mechanism by which it would like to log in (KIP-43).
 *
 * <ul>
 *   <li>0: plain bytes follow. 1: SaslAuthenticate requests follow (KIP-152).
 * </ul>
 *
 * <p>Nobody logs in here, so the answer is ILLEGAL_SASL_STATE without any mechanism, as from a
 * PLAINTEXT listener of Kafka. It ends a client that was set up for SASL, with words that say so;
 * without an answer the Java client takes the broker for one that is away, and dials for ever.
 *
 * <p>Stateless.
 */
public final class SaslHandshakeHandler implements ApiHandler<SaslHandshakeRequestData> {
  @Override
  public ApiKeys api() {
    return ApiKeys.SASL_HANDSHAKE;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, SaslHandshakeRequestData request) {
    return Future.succeededFuture(
        new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code()));
  }
}
