package io.millrace.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;

/**
 * Gives each event to several appenders, in a thread of its own, so that nobody who logs waits for
 * a disk or a terminal. Events are dropped when they come faster than they are written: those of
 * the usual level before the queue is full. Logback has such a queue as well; it joins texts at its
 * start, which costs 10 ms. Thread-safe.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final int EVENTS_MAX = 2048;
  private static final int KEPT_FOR_WARNINGS = EVENTS_MAX / 5;
  private static final long STOP_MS_MAX = 1_000;

  private final BlockingQueue<ILoggingEvent> waiting = new ArrayBlockingQueue<>(EVENTS_MAX);
  private final List<Appender<ILoggingEvent>> targets;
  private final Predicate<ILoggingEvent> seen;
  private final Thread writer = new Thread(this::write, "log");
  private volatile boolean stopping;

  /**
   * Does not begin yet.
   *
   * @param targets stopped with this one
   * @param seen is asked for each event in its turn, in the thread that writes; true when it is
   *     done with
   */
  LogQueue(List<Appender<ILoggingEvent>> targets, Predicate<ILoggingEvent> seen) {
    this.targets = List.copyOf(targets);
    this.seen = seen;
  }

  @Override
  public void start() {
    super.start();
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean usual = !event.getLevel().isGreaterOrEqual(Level.WARN);
    if (usual && waiting.remainingCapacity() < KEPT_FOR_WARNINGS) {
      return;
    }
    event.prepareForDeferredProcessing();
    waiting.offer(event);
  }

  private void write() {
    try {
      while (!stopping) {
        give(waiting.take());
      }
    } catch (InterruptedException e) {
      // The stop: what waits is written below.
      stopping = true;
    }
    for (ILoggingEvent event = waiting.poll(); event != null; event = waiting.poll()) {
      give(event);
    }
    targets.forEach(Appender::stop);
  }

  private void give(ILoggingEvent event) {
    if (!seen.test(event)) {
      targets.forEach(target -> target.doAppend(event));
    }
  }

  /** Writes what waits, for at most a second, and takes nothing more. */
  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    stopping = true;
    writer.interrupt();
    try {
      writer.join(STOP_MS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
