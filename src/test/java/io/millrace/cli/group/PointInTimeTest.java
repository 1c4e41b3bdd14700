package io.millrace.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-01T08:00:00.000, 2026-11-01T08:00:00Z",
    "2026-11-01T08:00:00, 2026-11-01T08:00:00Z",
    "2026-11-01T08:00:00.125Z, 2026-11-01T08:00:00.125Z",
    "2026-11-01T08:00:00.000+09:00, 2026-10-31T23:00:00Z",
    "2026-11-01T08:00:00.000+0900, 2026-10-31T23:00:00Z",
    "2026-11-01T08:00:00.000-05, 2026-11-01T13:00:00Z"
  })
  void readsDatesWithTimesAsUtcUnlessTheySayMore(String text, Instant expected) {
    assertThat(PointInTime.dateTime(text)).isEqualTo(expected.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01", "yesterday", "2026-13-01T00:00:00", ""})
  void saysWhatADateLooksLike(String text) {
    assertThatThrownBy(() -> PointInTime.dateTime(text))
        .isInstanceOf(ToolException.class)
        .hasMessage("'" + text + "' is no date with a time");
  }

  @ParameterizedTest
  @CsvSource({"P1D, 86400000", "PT1H, 3600000", "P1DT1M, 86460000", "PT0.5S, 500"})
  void readsDurations(String text, long expectedMs) {
    assertThat(PointInTime.duration(text)).isEqualTo(expectedMs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1h", "P1H", ""})
  void saysWhatADurationLooksLike(String text) {
    assertThatThrownBy(() -> PointInTime.duration(text))
        .isInstanceOf(ToolException.class)
        .hasMessage("'" + text + "' is no length of time");
  }
}
