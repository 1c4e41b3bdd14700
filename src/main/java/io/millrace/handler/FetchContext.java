package io.millrace.handler;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch request asks for, after its session was looked up.
 *
 * @param error NONE, or why the session cannot go on; the request is not run then
 * @param parts the partitions to read, in order
 * @param session the session to answer in, null without one
 * @param isFull whether the answer names every partition, news or not
 */
record FetchContext(
    Errors error, List<FetchPart> parts, @Nullable FetchSession session, boolean isFull) {

  static FetchContext refused(Errors error) {
    return new FetchContext(error, List.of(), null, true);
  }

  int sessionId() {
    return session == null ? 0 : session.id();
  }
}
