package io.millrace.handler;

import io.vertx.core.Future;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers one API.
 *
 * @param <Q> class of the request's message
 */
public interface ApiHandler<Q extends ApiMessage> {

  /** The API that this handler answers. */
  ApiKeys api();

  /** Lowest version that it answers; ApiVersions advertises it. */
  default short minVersion() {
    return api().oldestVersion();
  }

  /**
   * Highest version that it answers; ApiVersions advertises it. Versions that Kafka has not
   * finished are not among them: a later client may mean something else by their numbers.
   */
  default short maxVersion() {
    return api().latestVersion(false);
  }

  /** Whether ApiVersions lists it. */
  default boolean isAdvertised() {
    return true;
  }

  /**
   * Answers a request. Called on the loop of the connection; must not block.
   *
   * @return the response's message, completed on the same loop, or null for a request that is not
   *     answered (Produce with acks=0). A failed future closes the connection: it is for broken
   *     input that Kafka answers so, everything else is an error code in the message.
   */
  Future<ApiMessage> handle(RequestContext context, Q request);
}
