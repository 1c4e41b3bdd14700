package io.millrace.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;

/** Chooses the transport: epoll where there is one, else NIO. Stateless. */
final class Transports {
  private Transports() {}

  /**
   * Starts Vert.x on the best transport of this system. io_uring is not one of them: it sends file
   * regions at half the speed.
   */
  static Vertx start(VertxOptions options) {
    Transport epoll = Transport.EPOLL;
    boolean hasEpoll = epoll != null && epoll.available();
    return Vertx.builder().with(options).withTransport(hasEpoll ? epoll : Transport.NIO).build();
  }
}
