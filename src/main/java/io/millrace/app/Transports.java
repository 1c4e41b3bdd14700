package io.millrace.app;

import io.netty.channel.epoll.Epoll;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.transport.Transport;

/** Chooses the transport: epoll where there is one, else NIO. Stateless. */
final class Transports {
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
    Transport transport = Epoll.isAvailable() ? new EpollTransport() : NioTransport.INSTANCE;
    return VertxBootstrap.create().options(options).transport(transport).init().vertx();
  }
}
