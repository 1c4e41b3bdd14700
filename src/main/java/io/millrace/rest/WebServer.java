package io.millrace.rest;

import io.millrace.event.EventLog;
import io.millrace.eventloop.VertxLoops;
import io.millrace.quota.ConnectionCount;
import io.millrace.quota.DescriptorRoom;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The HTTP server of a broker: verticles on event loops that share one port. Thread-safe. */
public final class WebServer {
  private static final int PORT_MAX = 65_535;

  private final Vertx vertx;
  private final VertxLoops loops;
  private final List<Routes> routes;
  private final WebConnections connections;
  private final AtomicInteger port = new AtomicInteger(-1);
  private final List<WebVerticle> verticles = new CopyOnWriteArrayList<>();
  private volatile WebSettings settings;
  private volatile Future<Void> opening = Future.succeededFuture();

  /**
   * A server that is not open yet.
   *
   * @param routes rooms behind the door, asked in this order
   * @param sockets how many of its connections may be sockets
   * @param events is told what is refused
   */
  public WebServer(
      Vertx vertx,
      VertxLoops loops,
      WebSettings settings,
      List<Routes> routes,
      ConnectionCount.Limits sockets,
      EventLog events) {
    this.vertx = vertx;
    this.loops = loops;
    this.settings = settings;
    this.routes = List.copyOf(routes);
    this.connections = new WebConnections(sockets, loops.clock(), events);
  }

  /**
   * Opens the port.
   *
   * @param prepare makes what the routes need, before they are mounted
   * @return fails with {@link BindException} when it cannot be had
   */
  public Future<Void> start(Supplier<Future<Void>> prepare) {
    opening =
        prepare
            .get()
            .compose(ready -> deploy(0))
            .recover(this::atNextPort)
            .compose(opened -> deployOthers());
    return opening;
  }

  /** Another process took the port since it was chosen. */
  private Future<Void> atNextPort(Throwable fault) {
    verticles.clear();
    if (!settings.searches() || !isBindFault(fault) || settings.port() == PORT_MAX) {
      return Future.failedFuture(fault);
    }
    settings = settings.at(settings.port() + 1);
    return deploy(0).recover(this::atNextPort);
  }

  /** Whether the port is taken; the native transports have no type for it. */
  private static boolean isBindFault(Throwable fault) {
    return fault instanceof BindException
        || fault instanceof IOException && String.valueOf(fault.getMessage()).contains("bind(");
  }

  private Future<Void> deployOthers() {
    Future<Void> all = Future.succeededFuture();
    for (int i = 1; i < settings.loops(); i++) {
      int number = i;
      all = all.compose(done -> deploy(number));
    }
    return all;
  }

  private Future<Void> deploy(int number) {
    WebVerticle verticle = new WebVerticle(this, number);
    verticles.add(verticle);
    return vertx.deployVerticle(verticle).mapEmpty();
  }

  /** The port, also where the configuration says 0; -1 before the start. */
  public int port() {
    return port.get();
  }

  /** Where it is reached from this machine, for people: {@code localhost:8080}. */
  public String address() {
    String host = settings.host().isEmpty() ? "localhost" : settings.host();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** Closes the port and the connections at once. */
  public Future<Void> stop() {
    // What is being opened is closed when it is open. The promise belongs to no context: the one on
    // which the door was opened ends before the whole stop does.
    Promise<Void> stopped = Promise.promise();
    opening.onComplete(opened -> undeployAll().onComplete(stopped));
    return stopped.future();
  }

  private Future<Void> undeployAll() {
    List<Future<Void>> stopping =
        verticles.stream()
            .filter(verticle -> verticle.deploymentID() != null)
            .map(verticle -> vertx.undeploy(verticle.deploymentID()))
            .toList();
    return Future.join(stopping).mapEmpty();
  }

  /** Puts other limits on connections in force; those that are open stay. */
  public void changeLimits(ConnectionCount.Limits sockets) {
    connections.change(sockets);
  }

  /** Before {@link #start}: lets in no connection that this has no room for. */
  public void shareDescriptors(DescriptorRoom room) {
    connections.shareDescriptors(room);
  }

  /** Number of open connections, those of sockets among them. */
  public int openConnections() {
    return connections.open();
  }

  WebConnections connections() {
    return connections;
  }

  VertxLoops loops() {
    return loops;
  }

  WebSettings settings() {
    return settings;
  }

  List<Routes> routes() {
    return routes;
  }

  void bound(int actual) {
    port.set(actual);
  }
}
