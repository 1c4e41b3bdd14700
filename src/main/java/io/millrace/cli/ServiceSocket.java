package io.millrace.cli;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the start and the stop go ({@code Type=notify}): one datagram of {@code
 * KEY=value} lines each, to the socket that {@code NOTIFY_SOCKET} names, as sd_notify(3) describes.
 * Java has no such sockets, Netty has them, so no further process is needed, which systemd would
 * have to be told to trust. Its thread lives only while something is sent.
 *
 * <p>Called by the main thread, and in the end by the JVM's shutdown thread.
 */
final class ServiceSocket implements StartWatcher {
  private static final long PATIENCE_MS = 2000;
  private static final Logger LOG = LoggerFactory.getLogger(ServiceSocket.class);

  private final String address;

  /**
   * @param address a path; with {@code @} in front a name in the abstract space
   */
  ServiceSocket(String address) {
    this.address = address;
  }

  @Override
  public void ready(Ready ready) {
    send(
        "READY=1\nSTATUS=broker "
            + ready.broker()
            + ", "
            + ready.ports()
            + ", ready in "
            + ready.readyMs()
            + " ms");
  }

  @Override
  public void failed(String sentence) {
    send("STATUS=" + sentence.replaceAll("\\s*\\R\\s*", " "));
  }

  @Override
  public void ended(String sentence) {
    failed(sentence);
  }

  @Override
  public void stopping() {
    send("STOPPING=1\nSTATUS=stopping");
  }

  private void send(String text) {
    if (!Epoll.isAvailable()) {
      LOG.warn("systemd cannot be told, since the native transport is missing here");
      return;
    }
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      ChannelFuture connected =
          new Bootstrap()
              .group(loops)
              .channel(EpollDomainDatagramChannel.class)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(new DomainSocketAddress(path()));
      if (succeeds(connected)) {
        ByteBuf datagram = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        succeeds(connected.channel().writeAndFlush(datagram));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loops.shutdownGracefully(0, PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean succeeds(ChannelFuture step) throws InterruptedException {
    boolean done = step.await(PATIENCE_MS);
    if (!step.isSuccess()) {
      String why = done ? String.valueOf(step.cause()) : "it does not take the datagram";
      LOG.warn("systemd could not be told by {}: {}", address, why);
    }
    return step.isSuccess();
  }

  private String path() {
    return address.startsWith("@") ? "\0" + address.substring(1) : address;
  }
}
