package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogQueueTest {
  private static final int MORE_THAN_FITS = 5_000;

  private final LoggerContext context = new LoggerContext();
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final Slow target = new Slow();
  private final LogQueue queue =
      new LogQueue(List.of(target), event -> event.getMessage().equals("not written"));

  /** A disk that takes nothing until it is let. */
  private final class Slow extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      first.countDown();
      boolean waits = true;
      while (waits) {
        try {
          open.await();
          waits = false;
        } catch (InterruptedException e) {
          // The stop: the disk is as slow as before.
          waits = true;
        }
      }
      written.add(event.getMessage());
    }
  }

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    target.setContext(context);
    target.start();
    queue.setContext(context);
    queue.start();
  }

  @AfterEach
  void stop() {
    open.countDown();
    queue.stop();
  }

  private void log(Level level, String message) {
    queue.doAppend(
        new LoggingEvent("here", context.getLogger("here"), level, message, null, new Object[0]));
  }

  @Test
  void writesInOrderWhatWasLoggedBeforeTheStop() {
    open.countDown();
    log(Level.INFO, "a");
    log(Level.INFO, "not written");
    log(Level.ERROR, "b");

    queue.stop();

    assertThat(written).containsExactly("a", "b");
    assertThat(target.isStarted()).isFalse();
    log(Level.ERROR, "late");
    assertThat(written).hasSize(2);
  }

  @Test
  void neverWaitsAndKeepsRoomForWarnings() throws InterruptedException {
    log(Level.INFO, "first");
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < MORE_THAN_FITS; i++) {
      log(Level.INFO, "usual");
    }
    log(Level.WARN, "warning");
    open.countDown();
    queue.stop();

    assertThat(written).contains("first", "warning").hasSizeLessThan(MORE_THAN_FITS);
    assertThat(written.stream().filter("usual"::equals)).hasSizeGreaterThan(1_000);
  }
}
