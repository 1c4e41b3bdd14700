package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager reads from the socket that it names. */
class ServiceSocketTest {
  @TempDir private Path folder;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private EventLoopGroup loops;

  @BeforeEach
  void openLoop() {
    assumeTrue(Epoll.isAvailable(), "systemd is a matter of Linux");
    loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @AfterEach
  void closeLoop() {
    if (loops != null) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void tellsThatTheBrokerServesAndThatItStops() throws Exception {
    String path = folder.resolve("notify").toString();
    listen(path);
    StartWatcher socket = new ServiceSocket(path);

    socket.ready(new StartWatcher.Ready(3, "port 9092", 250));
    socket.stopping();
    socket.failed("it is\nso");

    assertThat(next()).isEqualTo("READY=1\nSTATUS=broker 3, port 9092, ready in 250 ms");
    assertThat(next()).isEqualTo("STOPPING=1\nSTATUS=stopping");
    assertThat(next()).isEqualTo("STATUS=it is so");
  }

  @Test
  void knowsNamesInTheAbstractSpace() throws Exception {
    String name = "millrace-test-" + ProcessHandle.current().pid();
    listen("\0" + name);

    new ServiceSocket("@" + name).stopping();

    assertThat(next()).startsWith("STOPPING=1");
  }

  private void listen(String path) throws InterruptedException {
    new Bootstrap()
        .group(loops)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket one) {
                received.add(one.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(path))
        .sync();
  }

  private String next() throws InterruptedException {
    String text = received.poll(10, TimeUnit.SECONDS);
    assertThat(text).as("a datagram").isNotNull();
    return text;
  }
}
