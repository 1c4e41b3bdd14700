package io.millrace.network;

import io.millrace.event.EventLog;
import io.millrace.eventloop.VertxLoops;
import io.millrace.handler.Handlers;
import io.millrace.metrics.Metrics;
import io.millrace.protocol.FileRecords;
import io.millrace.protocol.ResponseEncoder;
import io.millrace.quota.ConnectionCount;
import io.millrace.quota.DescriptorRoom;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The TCP door of the broker: verticles on event loops that share the listeners' ports.
 * Thread-safe.
 */
public final class TcpServer {
  private final Vertx vertx;
  private final VertxLoops loops;
  private final NetworkSettings settings;
  private volatile Handlers handlers;
  private final ToldElsewhere told;
  private final AnswerOrder order;
  private final ResponseEncoder encoder;
  private final MemoryBudget budget;
  private final FaultLog faults;
  private final ConnectionCount connections;
  private final NetworkServices.Counters counters;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final AtomicLong nextConnectionId = new AtomicLong();
  private final List<TcpVerticle> verticles = new ArrayList<>();
  private final List<String> deployments = new CopyOnWriteArrayList<>();

  /**
   * @param source recognises records that lie in files
   * @param told which clients are told an address that is not this machine's
   * @param events is told what is refused
   * @param order in which the answers of a connection leave
   */
  public TcpServer(
      Vertx vertx,
      VertxLoops loops,
      NetworkSettings settings,
      Handlers handlers,
      FileRecords.Source source,
      ToldElsewhere told,
      Metrics metrics,
      EventLog events,
      AnswerOrder order) {
    this.vertx = vertx;
    this.loops = loops;
    this.settings = settings;
    this.handlers = handlers;
    this.told = told;
    this.order = order;
    this.encoder = new ResponseEncoder(source);
    this.budget = new MemoryBudget(settings.memoryBytes());
    this.faults = new FaultLog(loops.clock(), events);
    this.connections = new ConnectionCount(settings.connections());
    this.counters = NetworkServices.Counters.of(metrics, order);
    metrics.gauge(order.metric("connections"), connections::open);
    metrics.gauge(order.metric("request.memory.bytes"), budget::usedBytes);
    for (int i = 0; i < Math.max(1, settings.loops()); i++) {
      verticles.add(new TcpVerticle(this, i));
    }
  }

  /**
   * Opens all listeners.
   *
   * @return fails with the exception of the bind when an address cannot be bound
   */
  public Future<Void> start() {
    return Future.join(verticles.stream().map(this::open).toList()).mapEmpty();
  }

  private Future<String> open(TcpVerticle verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployments::add);
  }

  /** The port of a listener, also where the configuration says 0; after the start. */
  public int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException("no listener " + listener);
    }
    return port;
  }

  /** Answers by these handlers from now on, on all connections. */
  public void serve(Handlers others) {
    handlers = others;
  }

  /** Puts other limits on connections in force; those that are open stay. */
  public void changeLimits(ConnectionCount.Limits to) {
    connections.change(to);
  }

  /** Before {@link #start}: lets in no connection that this has no room for. */
  public void shareDescriptors(DescriptorRoom room) {
    connections.shareDescriptors(room);
  }

  /** Memory of requests that are in flight. */
  public MemoryBudget budget() {
    return budget;
  }

  /** Closes listeners and connections at once. */
  public Future<Void> stop() {
    return Future.join(deployments.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  NetworkServices services(Context context, int number) {
    return new NetworkServices(
        loops.on("network-" + number, context),
        () -> handlers,
        encoder,
        budget,
        faults,
        connections,
        counters,
        settings.frameBytesMax(),
        order);
  }

  ToldElsewhere told() {
    return told;
  }

  NetworkSettings settings() {
    return settings;
  }

  void bound(String listener, int port) {
    ports.put(listener, port);
  }

  long nextConnectionId() {
    return nextConnectionId.getAndIncrement();
  }
}
