package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void leavesTheUsualLevelAndTheSpeakerOutOnTheConsole() {
    String line = LogLayout.forConsole().doLayout(event(Level.INFO, "ready", null));

    assertThat(line).matches("\\d{2}:\\d{2}:\\d{2}\\.\\d{3} ready\n");
  }

  @Test
  void showsAWarningAndItsValuesOnTheConsole() {
    LoggingEvent event = event(Level.WARN, "slow", null);
    event.setKeyValuePairs(List.of(new KeyValuePair("topic", "t"), new KeyValuePair("ms", 5)));

    assertThat(LogLayout.forConsole().doLayout(event)).endsWith(" WARN slow topic=t ms=5\n");
  }

  @Test
  void putsDateLevelAndSpeakerIntoTheFile() {
    String line = LogLayout.forFile().doLayout(event(Level.INFO, "ready", null));

    assertThat(line)
        .matches("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}\\.\\d{3} INFO ready \\(io\\.part\\)\n");
  }

  @Test
  void endsWithTheStackWhenSomethingWasThrown() {
    String text = LogLayout.forFile().doLayout(event(Level.ERROR, "broken", new Error("why")));

    assertThat(text).contains("java.lang.Error: why\n\tat ");
  }

  private LoggingEvent event(Level level, String message, Throwable thrown) {
    return new LoggingEvent(
        LogLayoutTest.class.getName(),
        context.getLogger("io.part"),
        level,
        message,
        thrown,
        new Object[0]);
  }
}
