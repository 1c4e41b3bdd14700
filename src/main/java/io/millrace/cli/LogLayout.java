package io.millrace.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TimeZone;
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

  private final DateTimeFormatter time;
  private final boolean colours;
  private final boolean named;

  private LogLayout(String time, boolean colours, boolean named) {
    this.time = DateTimeFormatter.ofPattern(time);
    this.colours = colours;
    this.named = named;
  }

  /** Short, with colours when a person reads it. */
  static LogLayout forConsole() {
    boolean terminal = System.console() != null && System.getenv("NO_COLOR") == null;
    return new LogLayout("HH:mm:ss.SSS", terminal, false);
  }

  /** With date and the name of the logger. */
  static LogLayout forFile() {
    return new LogLayout("yyyy-MM-dd HH:mm:ss.SSS", false, true);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    String when = time.format(local(event.getTimeStamp()));
    line.append(colours ? FAINT + when + PLAIN : when).append(' ');
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
