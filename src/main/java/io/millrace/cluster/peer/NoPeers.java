package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What a broker that is alone has in the place of connections to others. Stateless. */
final class NoPeers implements PeerLink {
  @Override
  public <R extends ApiMessage> Future<PeerAnswer<R>> send(
      EventLoop asker,
      PeerAddress to,
      Lane lane,
      ApiKeys api,
      short version,
      ApiMessage request,
      int timeoutMs) {
    return Future.failedFuture(refused(to));
  }

  @Override
  public Future<byte[]> ask(
      EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
    return Future.failedFuture(refused(to));
  }

  private static PeerFault refused(PeerAddress to) {
    return new PeerFault(
        PeerFault.Kind.REFUSED, "This broker is alone and connects to nobody, also not to " + to);
  }

  @Override
  public void onLost(EventLoop loop, Consumer<PeerAddress> listener) {}
}
