package io.millrace.app;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.TimeUnit;

/** Chooses the transport: epoll where there is one, else NIO. Stateless. */
final class Transports {
  private static final int FAR_DAYS = 365;
  private static final int BLOCKED_CHECK_MS = 2_000;

  private Transports() {}

  /**
   * Starts Vert.x on the best transport of this system. io_uring is not one of them: it sends file
   * regions at half the speed. By the bootstrap, since {@code Vertx.builder()} tries transports
   * that are not there, and each class that is missing is searched for in all jars.
   */
  static Vertx start(VertxOptions options) {
    // Pages are read by their own means: nothing of the class path is copied to the disk.
    options.setFileSystemOptions(
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    options.setBlockedThreadCheckInterval(BLOCKED_CHECK_MS);
    Transport transport = Epoll.isAvailable() ? new EpollTransport() : NioTransport.INSTANCE;
    VertxInternal vertx =
        (VertxInternal)
            VertxBootstrap.create().options(options).transport(transport).init().vertx();
    letSleep(vertx.acceptorEventLoopGroup());
    return vertx;
  }

  /** A loop that has no timer at all looks every second whether it has one; far ones keep it. */
  private static void letSleep(EventLoopGroup loops) {
    for (EventExecutor loop : loops) {
      loop.schedule(() -> {}, FAR_DAYS, TimeUnit.DAYS);
    }
  }
}
