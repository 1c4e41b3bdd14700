package io.millrace.testkit;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A way to peers for tests in which only messages of our own go there: none of Kafka's requests,
 * and no connection is lost. Thread-safe: no state.
 */
public abstract class AskedLink implements PeerLink {
  @Override
  public final <R extends ApiMessage> Future<PeerAnswer<R>> send(
      EventLoop asker,
      PeerAddress to,
      Lane lane,
      ApiKeys api,
      short version,
      ApiMessage request,
      int timeoutMs) {
    throw new UnsupportedOperationException("nothing but messages of our own: " + api);
  }

  @Override
  public final void onLost(EventLoop loop, Consumer<PeerAddress> listener) {}
}
