package io.millrace.cli;

import io.millrace.app.Broker;
import io.millrace.app.StartException;
import io.millrace.app.StartOptions;
import io.millrace.cli.tool.Release;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.ConfigReader;
import io.millrace.config.Listener;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a broker's process: start, the lines that say so, the start anew when it joins
 * another cluster, and the stop when it is asked for. Confined to: one thread at a time: the main
 * thread, one for a start anew, the JVM's shutdown thread.
 */
final class BrokerProcess {
  private static final long STOP_SECONDS_MAX = 20;

  /** The process ends with it when the broker cannot go on; who watches it may start it again. */
  private static final int FAILED = 1;

  /**
   * The process ends with it when what the broker had is gone: started again by itself it would
   * begin empty. The unit of systemd leaves such a one to a person. EX_CONFIG of sysexits.h.
   */
  private static final int FOLDERS_GONE = 78;

  private static final int LAST_WORDS_MS_MAX = 3_000;

  private final BrokerConfig config;
  private final StartOptions options;
  private final StartWatcher watcher;
  private final Logger log;

  /** Held by who starts or stops: a stop that is asked for waits until a start anew is over. */
  private final ReentrantLock turn = new ReentrantLock();

  // Under the lock of turn; null while a start anew is under way, and when it failed.
  private @Nullable Broker broker;

  // Any thread.
  private volatile boolean stops;

  private BrokerProcess(
      Broker broker, BrokerConfig config, StartOptions options, StartWatcher watcher, Logger log) {
    this.broker = broker;
    this.config = config;
    this.options = options;
    this.watcher = watcher;
    this.log = log;
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @return whether it does; the reason was said when it does not
   * @throws StartException when an operator can mend what stands in the way
   */
  static boolean run(ConfigReader.Result read, StartOptions options, StartWatcher watcher) {
    Logger log = LoggerFactory.getLogger("millrace");
    log.info("Millrace {} on Java {}", Release.version(), Runtime.version().feature());
    read.notices().forEach(log::info);
    read.warnings().forEach(log::warn);
    ScarceDescriptors.prepareWhereFew();
    Broker broker;
    try {
      broker = done(Broker.start(read.config(), options));
    } catch (ExecutionException e) {
      return failed(e.getCause(), watcher, log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    BrokerProcess process = new BrokerProcess(broker, read.config(), options, watcher, log);
    Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "stop"));
    process.announce(broker);
    process.watch(broker);
    return true;
  }

  private void watch(Broker broker) {
    broker.givenUp().onSuccess(given -> new Thread(this::startAnew, "start-anew").start());
    broker
        .superseded()
        .onSuccess(
            sentence -> {
              log.error("this broker stops: {}", sentence);
              endProcess();
            });
    broker.failed().onSuccess(failure -> new Thread(() -> fail(failure), "end").start());
  }

  /**
   * Ends the process as if it was killed: other brokers see its port refuse and lead its partitions
   * at once, and no stop waits for a disk that does not answer.
   */
  private void fail(Broker.Failure failure) {
    if (stops) {
      return; // it ends anyway, and was asked to
    }
    int code = failure.foldersGone() ? FOLDERS_GONE : FAILED;
    Thread limit = new Thread(() -> haltLater(code), "end at last");
    limit.setDaemon(true);
    limit.start();
    log.error("this broker ends: {}", failure.sentence());
    watcher.ended(failure.sentence());
    watcher.stopped();
    LogSetup.flush();
    Runtime.getRuntime().halt(code);
  }

  /** Log files may lie on the disk that failed. */
  private static void haltLater(int code) {
    try {
      Thread.sleep(LAST_WORDS_MS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }

  /** The broker's cluster is given up to another one: the same process joins it. */
  private void startAnew() {
    turn.lock();
    try {
      Broker empty = broker;
      if (empty == null) {
        return;
      }
      log.info("this broker stops, and starts again to join the other cluster");
      broker = null;
      done(empty.stop());
      Broker joined = done(Broker.start(config, options));
      broker = joined;
      log.info("broker {} of cluster {}", joined.id(), joined.clusterId());
      watch(joined);
    } catch (ExecutionException e) {
      failedAnew(e.getCause());
      endProcess();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      endProcess();
    } finally {
      turn.unlock();
    }
  }

  /** Says why, as the first start does, where the process has nobody that it could throw at. */
  private void failedAnew(Throwable cause) {
    try {
      failed(cause, watcher, log);
    } catch (StartException known) {
      log.error("the broker could not start again: {}", known.getMessage());
      watcher.failed(known.getMessage());
    }
  }

  /** On another thread: the shutdown waits for the turn of this one. */
  private static void endProcess() {
    new Thread(() -> System.exit(1), "end").start();
  }

  private static <T> T done(Future<T> future) throws ExecutionException, InterruptedException {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  private static boolean failed(Throwable cause, StartWatcher watcher, Logger log) {
    if (cause instanceof StartException known) {
      throw known;
    }
    log.error("the start failed by a fault of the program", cause);
    watcher.failed("The start failed by a fault of the program, which its log shows: " + cause);
    LogSetup.flush();
    return false;
  }

  private void announce(Broker broker) {
    List<Listener> listeners = listeners(broker);
    String ports =
        listeners.stream()
            .map(one -> Integer.toString(one.port()))
            .distinct()
            .collect(Collectors.joining(", ", listeners.size() == 1 ? "port " : "ports ", ""));
    log.info("broker {} of cluster {}", broker.id(), broker.clusterId());
    log.info(
        "listening on {}",
        listeners.stream().map(Listener::toString).collect(Collectors.joining(", ")));
    log.info("needed: {}; not needed: 2181 (there is no ZooKeeper)", ports);
    log.info("data in {}", String.join(", ", config.get(BrokerKeys.LOG_DIRS)));
    long readyMs = sinceProcessStart().toMillis();
    log.info("ready in {} ms", readyMs);
    LogSetup.settle();
    watcher.ready(new StartWatcher.Ready(broker.id(), ports, readyMs));
    ScarceDescriptors.prepare();
  }

  /** As they were opened, also where the configuration says port 0. */
  private List<Listener> listeners(Broker broker) {
    return Listener.opened(config).stream()
        .map(one -> new Listener(one.name(), one.host(), broker.port(one.name())))
        .toList();
  }

  /** Since the script began, when it says when that was. */
  private static Duration sinceProcessStart() {
    Instant now = Instant.now();
    Long begunUs = Long.getLong("millrace.begun.us");
    Instant begun =
        begunUs != null
            ? Instant.EPOCH.plus(begunUs, ChronoUnit.MICROS)
            : ProcessHandle.current().info().startInstant().orElse(now);
    return Duration.between(begun, now);
  }

  private void stop() {
    stops = true;
    long begun = System.nanoTime();
    watcher.stopping();
    try {
      if (!turn.tryLock(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new TimeoutException();
      }
      Broker running = broker;
      if (running == null) {
        return;
      }
      running
          .stop()
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
      log.info("clean shutdown in {} ms", (System.nanoTime() - begun) / 1_000_000);
    } catch (ExecutionException e) {
      log.error("the stop was not clean; the next start will recover", e.getCause());
    } catch (TimeoutException e) {
      log.error("the stop took more than {} s; the next start will recover", STOP_SECONDS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watcher.stopped();
      LogSetup.flush();
    }
  }
}
