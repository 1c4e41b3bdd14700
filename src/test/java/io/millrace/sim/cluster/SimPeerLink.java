package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The connections of one process to the others over the simulated network.
 *
 * <p>Confined to: the test's thread.
 */
public final class SimPeerLink implements PeerLink {
  private final SimNetwork network;
  private final String host;
  private final Map<Key, SimConnection> connections = new LinkedHashMap<>();
  private final List<Consumer<PeerAddress>> lostListeners = new ArrayList<>();

  private record Key(PeerAddress to, Lane lane) {}

  SimPeerLink(SimNetwork network, String host) {
    this.network = network;
    this.host = host;
  }

  String host() {
    return host;
  }

  @Override
  public <R extends ApiMessage> Future<PeerAnswer<R>> send(
      EventLoop asker,
      PeerAddress to,
      Lane lane,
      ApiKeys api,
      short version,
      ApiMessage request,
      int timeoutMs) {
    byte[] body = Wire.encode(request, version);
    return exchange(asker, to, lane, new SimExchange.Question(api, version, body), timeoutMs)
        .map(bytes -> new PeerAnswer<R>(Wire.answer(api, version, bytes), () -> {}));
  }

  @Override
  public Future<byte[]> ask(
      EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
    return exchange(asker, to, lane, new SimExchange.Question(null, kind, body.clone()), timeoutMs);
  }

  private Future<byte[]> exchange(
      EventLoop asker, PeerAddress to, Lane lane, SimExchange.Question question, int timeoutMs) {
    SimExchange exchange = new SimExchange(asker, question, to.toString(), timeoutMs);
    SimConnection connection =
        connections.compute(
            new Key(to, lane),
            (key, open) ->
                open == null || open.isOver() ? new SimConnection(network, this, to) : open);
    exchange.on(connection);
    connection.send(exchange);
    return exchange.answer();
  }

  @Override
  public void onLost(EventLoop loop, Consumer<PeerAddress> listener) {
    lostListeners.add(address -> loop.execute(() -> listener.accept(address)));
  }

  void lost(PeerAddress address) {
    List.copyOf(lostListeners).forEach(listener -> listener.accept(address));
  }

  void ended() {
    connections.values().forEach(SimConnection::ownerEnded);
  }
}
