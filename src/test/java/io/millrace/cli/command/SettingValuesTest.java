package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings as people write them. */
class SettingValuesTest {
  @ParameterizedTest
  @CsvSource({
    "retention.ms=7d, 604800000",
    "retention.ms=2w, 1209600000",
    "retention.ms=90 min, 5400000",
    "retention.ms=-1, -1",
    "segment.bytes=1gb, 1073741824",
    "segment.bytes=64M, 67108864",
    "max.message.bytes=1000, 1000",
    "cleanup.policy=compact, compact",
    "min.insync.replicas=2, 2"
  })
  void understandsUnits(String pair, String value) {
    assertThat(SettingValues.parse(List.of(pair)).values()).containsExactly(value);
  }

  @Test
  void namesTheUnitsWhenOneIsNotKnown() {
    assertThatThrownBy(() -> SettingValues.parse(List.of("retention.ms=7y")))
        .hasMessage("'y' is no unit for retention.ms");
    assertThatThrownBy(() -> SettingValues.parse(List.of("retention.ms")))
        .hasMessage("'retention.ms' is no setting");
  }
}
