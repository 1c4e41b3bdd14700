package io.millrace.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * How a log line looks: time, level, what happened, and its key-value pairs; in the file also who
 * says it. Thread-safe.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final String YELLOW = "\033[33m";
  private static final String RED = "\033[31m";
  private static final String FAINT = "\033[2m";
  private static final String PLAIN = "\033[0m";

  private final boolean dated;
  private final boolean colours;
  private final boolean named;

  private LogLayout(boolean dated, boolean colours, boolean named) {
    this.dated = dated;
    this.colours = colours;
    this.named = named;
  }

  /** Short, with colours when a person reads it. */
  static LogLayout forConsole() {
    boolean terminal = System.console() != null && System.getenv("NO_COLOR") == null;
    return new LogLayout(false, terminal, false);
  }

  /** With date and the name of the logger. */
  static LogLayout forFile() {
    return new LogLayout(true, false, true);
  }

  /**
   * Loads the classes that tell a fault. Without a free descriptor no jar can be opened for them,
   * and a thread that cannot tell a fault ends by that.
   */
  static void loadFaults() {
    IOException fault = new IOException("a fault", new IOException("its cause"));
    Logger logger = (Logger) LoggerFactory.getLogger(LogLayout.class);
    forFile().doLayout(new LoggingEvent("", logger, Level.ERROR, "", fault, null));
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(colours ? FAINT : "");
    appendTime(line, local(event.getTimeStamp()));
    line.append(colours ? PLAIN : "").append(' ');
    appendLevel(line, event.getLevel());
    line.append(event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ').append(pair.key).append('=').append(pair.value);
      }
    }
    if (named) {
      line.append(" (").append(event.getLoggerName()).append(')');
    }
    line.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(ThrowableProxyUtil.asString(thrown)).append('\n');
    }
    return line.toString();
  }

  /** By hand: the first of Java's formatters costs a start 10 ms. */
  private void appendTime(StringBuilder line, LocalDateTime time) {
    if (dated) {
      appendPadded(line, time.getYear(), 1000).append('-');
      appendPadded(line, time.getMonthValue(), 10).append('-');
      appendPadded(line, time.getDayOfMonth(), 10).append(' ');
    }
    appendPadded(line, time.getHour(), 10).append(':');
    appendPadded(line, time.getMinute(), 10).append(':');
    appendPadded(line, time.getSecond(), 10).append('.');
    appendPadded(line, time.getNano() / 1_000_000, 100);
  }

  private static StringBuilder appendPadded(StringBuilder line, int number, int leastOfAllDigits) {
    for (int least = leastOfAllDigits; least > 1 && number < least; least /= 10) {
      line.append('0');
    }
    return line.append(number);
  }

  /** Local time, without {@code ZoneId}, whose first use searches all jars for rules of zones. */
  private static LocalDateTime local(long ms) {
    ZoneOffset here = ZoneOffset.ofTotalSeconds(TimeZone.getDefault().getOffset(ms) / 1000);
    int nanos = (int) Math.floorMod(ms, 1000L) * 1_000_000;
    return LocalDateTime.ofEpochSecond(Math.floorDiv(ms, 1000L), nanos, here);
  }

  /** The usual level is left out on the console, so that the others are seen. */
  private void appendLevel(StringBuilder line, Level level) {
    if (level.isGreaterOrEqual(Level.WARN)) {
      String colour = level.isGreaterOrEqual(Level.ERROR) ? RED : YELLOW;
      line.append(colours ? colour + level + PLAIN : level.toString()).append(' ');
    } else if (named) {
      line.append(level).append(' ');
    }
  }
}
