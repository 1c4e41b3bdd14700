package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.protocol.RequestEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Reaches peers by TCP. Each lane has a connection of its own on one of the event loops; requests
 * are encoded by the thread that asks and decoded by the loop of the connection. Thread-safe.
 */
public final class SocketPeerLink implements PeerLink {
  private static final int DIAL_TIMEOUT_MS = 3_000;

  /** Threads that ask would each keep a pool of direct memory for these few bytes. */
  private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);

  private record Route(PeerAddress to, Lane lane) {}

  private record Listener(EventLoop loop, Consumer<PeerAddress> told) {}

  private final VertxLoops loops;
  private final VertxInternal vertx;
  private final String clientId;
  private final int frameBytesMax;
  private final Map<Route, PeerLane> lanes = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger correlationIds = new AtomicInteger();
  private volatile boolean closed;

  // Under the lock of this object.
  private @Nullable NetClient client;

  /**
   * @param clientId how this broker calls itself in requests, such as {@code broker-1}
   * @param frameBytesMax largest answer that is taken, in bytes
   */
  public SocketPeerLink(Vertx vertx, VertxLoops loops, String clientId, int frameBytesMax) {
    this.vertx = (VertxInternal) vertx;
    this.loops = loops;
    this.clientId = clientId;
    this.frameBytesMax = frameBytesMax;
  }

  /** Made for the first connection: a broker that stays alone needs none. */
  private synchronized NetClient client() {
    NetClient made = client;
    if (made == null) {
      made =
          vertx.createNetClient(
              new NetClientOptions()
                  .setTcpNoDelay(true)
                  .setTcpKeepAlive(true)
                  .setConnectTimeout(DIAL_TIMEOUT_MS));
      client = made;
    }
    return made;
  }

  private synchronized Future<Void> closeClient() {
    return client == null ? Future.succeededFuture() : client.close();
  }

  /** Fetches are asked for by one loop, and go and come on its thread. */
  private PeerLane newLane(Route route, EventLoop asker) {
    ContextInternal context =
        route.lane() == Lane.FETCH ? loops.contextBeside(asker) : vertx.createEventLoopContext();
    EventLoop loop = loops.on("peer-" + route.lane() + "-" + route.to(), context);
    PeerLane.Dialler dialler =
        (to, opened, failed) -> context.runOnContext(go -> dial(to, opened, failed));
    return new PeerLane(loop, route.to(), dialler, frameBytesMax, this::lost);
  }

  private void dial(PeerAddress to, Consumer<NetSocket> opened, Consumer<Throwable> failed) {
    client().connect(to.port(), to.host()).onSuccess(opened::accept).onFailure(failed::accept);
  }

  private void lost(PeerAddress peer) {
    listeners.forEach(one -> one.loop().execute(() -> one.told().accept(peer)));
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
    if (closed) {
      return Future.failedFuture(new PeerFault(PeerFault.Kind.LOST, "this broker stops"));
    }
    PeerLane route = laneOf(new Route(to, lane), asker);
    int id = correlationIds.getAndIncrement();
    ByteBuf frame = RequestEncoder.encode(HEAP, api, version, id, clientId, request);
    PeerRequest sent = new PeerRequest(asker, api, version, id, timeoutMs, frame, route::ended);
    route.loop().execute(() -> route.send(sent));
    return sent.answer.future().map(SocketPeerLink::typed);
  }

  private PeerLane laneOf(Route route, EventLoop asker) {
    PeerLane known = lanes.get(route);
    // Computing takes a lock, also where there is nothing to compute.
    return known != null ? known : lanes.computeIfAbsent(route, way -> newLane(way, asker));
  }

  @SuppressWarnings("unchecked")
  private static <R extends ApiMessage> PeerAnswer<R> typed(PeerAnswer<ApiMessage> answer) {
    // The caller names the class that belongs to the API.
    return (PeerAnswer<R>) answer;
  }

  @Override
  public Future<byte[]> ask(
      EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
    Future<PeerAnswer<EnvelopeResponseData>> answer =
        send(
            asker,
            to,
            lane,
            ApiKeys.ENVELOPE,
            Envelopes.VERSION,
            Envelopes.wrap(kind, body),
            timeoutMs);
    return answer.compose(opened -> unwrap(to, opened));
  }

  private static Future<byte[]> unwrap(PeerAddress to, PeerAnswer<EnvelopeResponseData> answer) {
    try {
      EnvelopeResponseData message = answer.message();
      Errors error = Errors.forCode(message.errorCode());
      if (error != Errors.NONE || message.responseData() == null) {
        return Future.failedFuture(
            new PeerFault(PeerFault.Kind.REJECTED, to + " refused the request: " + error));
      }
      return Future.succeededFuture(Envelopes.bytes(message.responseData()));
    } finally {
      answer.release();
    }
  }

  @Override
  public void onLost(EventLoop loop, Consumer<PeerAddress> listener) {
    listeners.add(new Listener(loop, listener));
  }

  /** Ends all connections; what waits for an answer fails. */
  public Future<Void> close() {
    closed = true;
    List<Future<Void>> ends = new ArrayList<>();
    for (PeerLane lane : lanes.values()) {
      Promise<Void> ended = Promise.promise();
      lane.loop()
          .execute(
              () -> {
                lane.close();
                ended.complete();
              });
      ends.add(ended.future());
    }
    return Future.join(ends).transform(done -> closeClient());
  }
}
