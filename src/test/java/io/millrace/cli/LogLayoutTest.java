package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

  @ParameterizedTest
  @ValueSource(longs = {0, 1_700_000_000_007L, 1_709_164_801_099L, 253_402_214_400_000L})
  void writesTimesAsTheFormatterOfJavaDoes(long ms) {
    LoggingEvent event = event(Level.INFO, "ready", null);
    event.setTimeStamp(ms);
    LocalDateTime here = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneId.systemDefault());

    assertThat(LogLayout.forFile().doLayout(event))
        .startsWith(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS ").format(here));
    assertThat(LogLayout.forConsole().doLayout(event))
        .startsWith(DateTimeFormatter.ofPattern("HH:mm:ss.SSS ").format(here));
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
