package io.millrace.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Keeps what is logged as an error while it is attached. Thread-safe. */
final class FaultRecorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  FaultRecorder() {
    start();
    root().addAppender(this);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      String stack =
          event.getThrowableProxy() == null
              ? ""
              : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
      faults.add(event.getFormattedMessage() + stack);
    }
  }

  /** The faults so far. */
  Queue<String> faults() {
    return faults;
  }

  @Override
  public void close() {
    root().detachAppender(this);
  }
}
