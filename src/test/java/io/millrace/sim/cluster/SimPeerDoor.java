package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.ConnectionScope;
import io.millrace.handler.FrameRef;
import io.millrace.handler.Handlers;
import io.millrace.handler.RequestContext;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * A port of a process, for other brokers or for clients: what arrives is handled on its loop, by
 * the handlers of requests between brokers and by the services of messages of our own. Answers
 * leave in any order.
 *
 * <p>Confined to: the test's thread.
 */
public final class SimPeerDoor {
  private static final FrameRef NO_FRAME =
      new FrameRef() {
        @Override
        public void retain() {}

        @Override
        public void release() {}
      };

  private final SimScheduler.Process process;
  private final EventLoop loop;
  private final String listener;
  private @Nullable Handlers handlers;
  private final Map<Integer, PeerService> services = new HashMap<>();
  private long nextConnection = 1_000_000;

  /**
   * A port of a process.
   *
   * @param loop loop of its connections
   * @param listener name of the listener that requests come by
   */
  public SimPeerDoor(SimScheduler.Process process, EventLoop loop, String listener) {
    this.process = process;
    this.loop = loop;
    this.listener = listener;
  }

  /** A port that answers from its beginning. */
  public SimPeerDoor(
      SimScheduler.Process process,
      EventLoop loop,
      String listener,
      Handlers handlers,
      List<? extends PeerService> services) {
    this(process, loop, listener);
    handle(handlers);
    services.forEach(this::serve);
  }

  /** From now on these requests are answered. */
  public SimPeerDoor handle(Handlers by) {
    handlers = by;
    return this;
  }

  /** From now on messages of that kind are answered. */
  public SimPeerDoor serve(PeerService service) {
    services.put(service.kind(), service);
    return this;
  }

  SimScheduler.Process process() {
    return process;
  }

  EventLoop loop() {
    return loop;
  }

  void serve(SimExchange exchange, SimConnection by, Consumer<SimExchange.Reply> back) {
    loop.execute(
        () ->
            answer(exchange.question(), by)
                .onComplete(
                    done ->
                        back.accept(new SimExchange.Reply(done.failed() ? null : done.result()))));
  }

  private Future<byte @Nullable []> answer(SimExchange.Question question, SimConnection by) {
    ApiKeys api = question.api();
    if (api != null) {
      short version = (short) question.version();
      ApiHandler<?> handler = handlers == null ? null : handlers.of(api);
      return handler == null
          ? Future.failedFuture("nobody handles " + api)
          : handle(handler, context(api, version, by), question.body())
              .map(answer -> Wire.encode(answer, version));
    }
    PeerService service = services.get(question.version());
    return service == null
        ? Future.failedFuture("nobody serves kind " + question.version())
        : service.serve(loop, question.body());
  }

  @SuppressWarnings("unchecked")
  private static Future<ApiMessage> handle(
      ApiHandler<?> handler, RequestContext context, byte[] body) {
    return ((ApiHandler<ApiMessage>) handler)
        .handle(context, Wire.request(context.api(), context.version(), body));
  }

  private RequestContext context(ApiKeys api, short version, SimConnection by) {
    InetAddress host = InetAddress.getLoopbackAddress();
    ConnectionScope scope =
        step -> {
          Runnable forget = by.onClose(step);
          return forget::run;
        };
    return new RequestContext(
        api,
        version,
        new Caller(KafkaPrincipal.ANONYMOUS, "sim", host, listener),
        new InetSocketAddress(host, 17092),
        loop,
        NO_FRAME,
        scope,
        nextConnection++,
        "millrace",
        "1");
  }
}
