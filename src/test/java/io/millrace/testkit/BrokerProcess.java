package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * One broker in a process of its own, over one data folder, which it outlives: it can be killed,
 * stopped, frozen and started again at the same address.
 *
 * <p>It is Millrace from this build's class path. With the system property {@code it.peer}, the
 * folder of a Kafka peer harness, it is Apache Kafka instead, so that a test can be shown to hold
 * for the broker it is modelled on.
 *
 * <p>Two listeners: {@link #bootstrap()} and {@link #proxied()}, which advertises the address of a
 * {@link CutProxy}.
 *
 * <p>Confined to: the test's thread, save the addresses and {@link #pid()}.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path home;
  private final int port;
  private final int proxiedPort;
  private final CutProxy proxy;
  private final BrokerCommand command;
  private volatile Process process;

  private BrokerProcess(String heap, Path home, Map<String, String> settings) throws IOException {
    this.home = home;
    this.port = freePort();
    this.proxiedPort = freePort();
    this.proxy = new CutProxy(proxiedPort);
    Map<String, String> all = new LinkedHashMap<>(QUICK_GROUPS);
    all.put("log.dirs", home.resolve("data").toString());
    all.putAll(settings);
    this.command = BrokerCommand.chosen(heap, home, port, proxiedPort, proxy.port(), all);
  }

  /** Sessions of a second are allowed, so that a member's death shows soon. */
  private static final Map<String, String> QUICK_GROUPS =
      Map.of("group.min.session.timeout.ms", "1000", "offsets.topic.num.partitions", "4");

  /** Starts a broker over {@code home}, which keeps its files, and waits until it answers. */
  public static BrokerProcess start(
      Path home, Map<String, String> settings, String... moreArguments) {
    return startWithHeap("256m", home, settings, moreArguments);
  }

  /** Like {@link #start(Path, Map, String...)} with a heap of the given {@code -Xmx}. */
  public static BrokerProcess startWithHeap(
      String heap, Path home, Map<String, String> settings, String... moreArguments) {
    try {
      BrokerProcess broker = new BrokerProcess(heap, home, settings);
      broker.start(moreArguments);
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a broker with the default settings. */
  public static BrokerProcess start(Path home) {
    return start(home, Map.of());
  }

  /** True when the process under test is Apache Kafka; some checks hold for Millrace alone. */
  public static boolean isKafka() {
    return Launch.peer() != null;
  }

  /** Starts the process again, with {@code moreArguments}, and waits until it answers. */
  public void start(String... moreArguments) {
    try {
      process =
          new ProcessBuilder(command.line(moreArguments))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Awaitility.await("the broker answers, see " + console())
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> answersOrFails());
  }

  /** The address that clients bootstrap from. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Like {@link #bootstrap()}, by way of {@link #proxy()}. */
  public String proxied() {
    return "127.0.0.1:" + proxy.port();
  }

  /** The proxy in front of {@link #proxied()}. */
  public CutProxy proxy() {
    return proxy;
  }

  /** The folder that holds the partitions' folders. */
  public Path data() {
    return home.resolve("data");
  }

  /** What the process printed. */
  public Path console() {
    return home.resolve("console.txt");
  }

  /** Process id of the running broker. */
  public long pid() {
    return process.pid();
  }

  /** Ends the process at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /** Asks the process to end with SIGTERM; returns how long that took. */
  public Duration stop() {
    long begin = System.nanoTime();
    process.destroy();
    awaitEnd(Duration.ofSeconds(60));
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Exit code of the ended process. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Sends a signal by name, for example {@code STOP} and {@code CONT}. */
  public void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("could not send SIG" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the broker and the proxy. */
  @Override
  public void close() {
    proxy.close();
    if (process.isAlive()) {
      stop();
    }
  }

  private void awaitEnd(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the broker did not end within " + limit);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean answersOrFails() throws IOException {
    if (!process.isAlive()) {
      List<String> said = Files.readAllLines(console());
      throw new IllegalStateException(
          "the broker ended with "
              + process.exitValue()
              + ": "
              + String.join("\n", said.subList(Math.max(0, said.size() - 15), said.size())));
    }
    return ApiVersionsProbe.answers(port) && ApiVersionsProbe.answers(proxiedPort);
  }

  /**
   * A port that nothing listens on now, below those that the system gives to outgoing connections:
   * one of theirs may be taken by the time a broker listens.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(28_000, 32_000);
      if (isFree(port)) {
        return port;
      }
    }
  }

  /** Whether this port can be listened on, on every address. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
