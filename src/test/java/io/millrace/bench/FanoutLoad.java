package io.millrace.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Many WebSockets on one topic, in a process of its own: counts what they get, and the CPU time and
 * memory that it costs the server.
 *
 * <p>{@code key=value} arguments: {@code kind} (millrace, nats, idle), {@code ws} (host:port),
 * {@code path}, {@code protocol}, {@code greeting}, {@code publish} (host:port), {@code topic},
 * {@code pid} of the server, {@code sockets}, {@code seconds}, {@code warmup}, {@code size}, {@code
 * window} (records under way when as fast as possible), {@code rate} (records a second; 0: as fast
 * as possible), {@code rest} (seconds before idle sockets are counted).
 */
public final class FanoutLoad {
  private static final int OPENING_AT_ONCE = 64;
  private static final int TIMED_SOCKETS = 20;

  /** For the server to come to rest once its sockets are open; nothing tells when it has. */
  private static final Duration SETTLING_TIME = Duration.ofSeconds(2);

  private final Arguments arguments;
  private final Deliveries deliveries = new Deliveries();
  private final LongAdder closed = new LongAdder();
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final int sockets;
  private final ServerProcess server;

  private FanoutLoad(Arguments arguments) {
    this.arguments = arguments;
    this.sockets = arguments.number("sockets", 1_000);
    this.server = new ServerProcess(Long.parseLong(arguments.text("pid")));
  }

  /** Runs one measurement and prints it. */
  public static void main(String[] args) throws Exception {
    FanoutLoad load = new FanoutLoad(new Arguments(args));
    try {
      System.out.println(load.run().encode());
    } finally {
      // Or its loops would keep the process of a failed measurement alive.
      load.loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private JsonObject run() throws IOException, InterruptedException {
    long before = server.residentKib();
    open();
    spend(SETTLING_TIME);
    JsonObject result =
        new JsonObject()
            .put("sockets", sockets)
            .put("kib_per_socket", (server.residentKib() - before) / (double) sockets);
    return arguments.text("kind").equals("idle") ? idle(result) : load(result);
  }

  /** What sockets cost that get nothing, when the work of opening them is over. */
  private JsonObject idle(JsonObject result) throws IOException, InterruptedException {
    spend(Duration.ofSeconds(arguments.number("rest", 20)));
    Duration measuredTime = Duration.ofSeconds(arguments.number("seconds", 10));
    double cpu = server.cpuSeconds();
    spend(measuredTime);
    double cpuSeconds = server.cpuSeconds() - cpu;
    if (closed.sum() > 0) {
      throw new IllegalStateException(closed.sum() + " sockets were closed while they were idle");
    }
    return result.put("cpu_percent", 100 * cpuSeconds / measuredTime.toSeconds());
  }

  /** Lets a time pass that is a part of what is measured. */
  private static void spend(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  private void open() throws InterruptedException {
    Semaphore opening = new Semaphore(OPENING_AT_ONCE);
    String[] address = arguments.text("ws").split(":");
    for (int i = 0; i < sockets; i++) {
      boolean timed = i % Math.max(1, sockets / TIMED_SOCKETS) == 0;
      if (!opening.tryAcquire(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no socket was opened for 60 s; " + i + " were begun");
      }
      new Bootstrap()
          .group(loops)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(socket(timed, opening::release));
                }
              })
          .connect(address[0], Integer.parseInt(address[1]));
    }
    if (!opening.tryAcquire(OPENING_AT_ONCE, 60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not all sockets were opened in 60 s");
    }
  }

  private ReceivingSocket socket(boolean timed, Runnable opened) {
    return new ReceivingSocket(
        arguments.text("ws"),
        arguments.text("path"),
        arguments.text("protocol", ""),
        arguments.text("greeting", ""),
        deliveries,
        timed,
        opened,
        closed::increment);
  }

  private Publisher publisher() throws IOException {
    String to = arguments.text("publish");
    String topic = arguments.text("topic");
    int size = arguments.number("size", 200);
    if (arguments.text("kind").equals("millrace")) {
      return new KafkaPublisher(to, topic, size);
    }
    String[] address = to.split(":");
    return new NatsPublisher(address[0], Integer.parseInt(address[1]), topic, size);
  }

  private JsonObject load(JsonObject result) throws IOException {
    try (Publisher publisher = publisher()) {
      Pace pace = new Pace(publisher);
      pace.runFor(arguments.number("warmup", 5));
      deliveries.startTiming();
      double cpu = server.cpuSeconds();
      long records = deliveries.records();
      long bytes = deliveries.bytes();
      long beganNs = System.nanoTime();
      pace.runFor(arguments.number("seconds", 10));
      double seconds = (System.nanoTime() - beganNs) / 1e9;
      double cpuSeconds = server.cpuSeconds() - cpu;
      long delivered = deliveries.records() - records;
      long received = deliveries.bytes() - bytes;
      deliveries.stopTiming();
      return result
          .put("deliveries_per_s", delivered / seconds)
          .put("bytes_per_delivery", received / (double) Math.max(1, delivered))
          .put("cpu_us_per_delivery", 1e6 * cpuSeconds / Math.max(1, delivered))
          .put("cpu_cores", cpuSeconds / seconds)
          .put("p50_ms", deliveries.latencyMs(50))
          .put("p99_ms", deliveries.latencyMs(99))
          .put("p999_ms", deliveries.latencyMs(99.9))
          .put("missing", pace.missing())
          .put("rss_mib", server.residentKib() / 1024.0);
    }
  }

  /** Sends at a rate, or keeps a number of records under way. Confined to: the main thread. */
  private final class Pace {
    private static final long TICK_NS = 1_000_000;

    private final Publisher publisher;
    private final int window = arguments.number("window", 150);
    private final int rate = arguments.number("rate", 0);
    private long published;

    Pace(Publisher publisher) {
      this.publisher = publisher;
    }

    void runFor(int seconds) {
      long beganNs = System.nanoTime();
      long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
      long before = published;
      for (long now = beganNs; now < endNs; now = System.nanoTime()) {
        long due =
            rate > 0
                ? before + (long) (rate * ((now - beganNs) / 1e9))
                : deliveries.records() / sockets + window;
        if (due > published) {
          publisher.send((int) (due - published));
          published = due;
        }
        LockSupport.parkNanos(rate > 0 ? TICK_NS : TICK_NS / 10);
      }
    }

    /** Deliveries that are still to come after all had time to. */
    long missing() {
      long wanted = published * sockets;
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (deliveries.records() < wanted && System.nanoTime() < endNs) {
        LockSupport.parkNanos(TICK_NS);
      }
      return wanted - deliveries.records();
    }
  }
}
