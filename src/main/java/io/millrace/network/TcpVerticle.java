package io.millrace.network;

import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Serves all listeners on one event loop. Confined to: that loop. */
final class TcpVerticle extends VerticleBase {
  private static final long SWEEP_MS_MAX = 10_000;

  /**
   * Of a connection from this machine, unless it is configured. The kernel would let it grow to
   * megabytes, as far networks need it: more than processors keep near them until it is read.
   */
  private static final int LOCAL_SEND_BUFFER_BYTES = 400_000;

  private static final long GRACE_MS = 300;
  private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(30);

  private final TcpServer server;
  private final int number;
  private final Set<Connection> connections = new HashSet<>();
  private final List<NetServer> sockets = new ArrayList<>();
  private NetworkServices services;
  private Timer.Handle sweep;
  private boolean stopping;
  private Runnable allClosed = () -> {};

  TcpVerticle(TcpServer server, int number) {
    this.server = server;
    this.number = number;
  }

  @Override
  public Future<?> start() {
    services = server.services(context, number);
    scheduleSweep();
    Future<?> all = Future.succeededFuture();
    for (int i = 0; i < server.settings().listeners().size(); i++) {
      int index = i;
      all = all.compose(done -> listen(index));
    }
    return all;
  }

  private Future<?> listen(int index) {
    NetworkSettings.Listener listener = server.settings().listeners().get(index);
    NetServer socket =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setReuseAddress(true)
                    .setAcceptBacklog(server.settings().backlog()))
            .connectHandler(client -> connected(listener.name(), client));
    sockets.add(socket);
    String host = listener.host().isEmpty() ? anyAddress() : listener.host();
    // A negative port is one free port that the verticles share.
    int port = listener.port() == 0 ? -1 - index : listener.port();
    return socket
        .listen(port, host)
        .onSuccess(bound -> server.bound(listener.name(), bound.actualPort()));
  }

  /** All addresses, those of IPv6 among them where the system has it. */
  private static String anyAddress() {
    try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET6)) {
      return "::";
    } catch (IOException | UnsupportedOperationException e) {
      return "0.0.0.0";
    }
  }

  private void connected(String listener, NetSocket socket) {
    ChannelHandlerContext channel = ((NetSocketInternal) socket).channelHandlerContext();
    InetSocketAddress remote = (InetSocketAddress) channel.channel().remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.channel().localAddress();
    if (remote == null || local == null) {
      channel.close();
      return;
    }
    if (stopping) {
      channel.close();
      return;
    }
    String refusal = services.connections().enter(remote.getAddress());
    if (refusal != null) {
      services
          .faults()
          .log(
              remote.getAddress(),
              FaultLog.Kind.TOO_MANY_CONNECTIONS,
              "a connection beyond " + refusal + " was closed, it came",
              null);
      channel.close();
      return;
    }
    services.counters().connectionsOpened().increment();
    server.told().connected(listener, remote.getAddress(), local);
    setBuffers(channel.channel().config(), remote.getAddress().isLoopbackAddress());
    ClientIdentity client = new ClientIdentity(server.nextConnectionId(), listener, remote, local);
    Connection connection = new Connection(services, client, this::closed);
    connections.add(connection);
    // In place of Vert.x's handler, which holds queues of 5 KB for each connection.
    channel.pipeline().replace("handler", "requests", connection);
  }

  private void setBuffers(ChannelConfig config, boolean isLocal) {
    // Not by NetServerOptions, which would fix the size of each read as well.
    if (server.settings().sendBufferBytes() >= 0) {
      config.setOption(ChannelOption.SO_SNDBUF, server.settings().sendBufferBytes());
    } else if (isLocal) {
      config.setOption(ChannelOption.SO_SNDBUF, LOCAL_SEND_BUFFER_BYTES);
    }
    if (server.settings().receiveBufferBytes() >= 0) {
      config.setOption(ChannelOption.SO_RCVBUF, server.settings().receiveBufferBytes());
    }
  }

  private void closed(Connection connection) {
    connections.remove(connection);
    if (stopping && connections.isEmpty()) {
      allClosed.run();
    }
    services.connections().leave(connection.client().address());
  }

  private void scheduleSweep() {
    long idleMs = server.settings().idleMs();
    long everyMs = idleMs < 0 ? SWEEP_MS_MAX : Math.max(10, Math.min(SWEEP_MS_MAX, idleMs / 4));
    sweep = loop().scheduleTurn(everyMs, this::sweep);
  }

  private void sweep() {
    long nowNs = loop().clock().monotonicNs();
    long idleNs = TimeUnit.MILLISECONDS.toNanos(server.settings().idleMs());
    for (Connection connection : List.copyOf(connections)) {
      connection.sweep(nowNs, idleNs, STALLED_NS);
    }
    scheduleSweep();
  }

  private EventLoop loop() {
    return services.loop();
  }

  /** Lets what was begun be answered, for a moment, then closes everything. */
  @Override
  public Future<?> stop() {
    sweep.cancel();
    stopping = true;
    Promise<Void> answered = Promise.promise();
    allClosed = answered::tryComplete;
    List.copyOf(connections).forEach(Connection::end);
    if (connections.isEmpty()) {
      answered.tryComplete();
    }
    Timer.Handle patience = loop().schedule(GRACE_MS, answered::tryComplete);
    return answered
        .future()
        .compose(
            done -> {
              patience.cancel();
              return Future.join(sockets.stream().map(NetServer::close).toList());
            });
  }
}
