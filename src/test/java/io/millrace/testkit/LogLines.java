package io.millrace.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class tells of. Stateless. */
public final class LogLines {
  private LogLines() {}

  /**
   * Warnings and worse that a class tells of meanwhile; tests have some classes off, since
   * simulated disks fail often.
   */
  public static List<ILoggingEvent> warnings(Class<?> of, Runnable deed) {
    Logger logger = (Logger) LoggerFactory.getLogger(of);
    Level before = logger.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.WARN);
    try {
      deed.run();
    } finally {
      logger.setLevel(before);
      logger.detachAppender(lines);
    }
    return lines.list;
  }
}
