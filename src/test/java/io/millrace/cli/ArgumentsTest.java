package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void readsAllOptionsOfStart() {
    assertThat(
            Arguments.parse(
                "start",
                "--config",
                "a.properties",
                "--override",
                "x=1",
                "--override",
                "y=a=b",
                "--check-config",
                "--import"))
        .isEqualTo(
            new Arguments.Start(
                Optional.of(Path.of("a.properties")),
                Map.of("x", "1", "y", "a=b"),
                true,
                true,
                false,
                false,
                false));
  }

  @Test
  void takesAValueBehindAnEqualsSignToo() {
    assertThat(Arguments.parse("start", "--override=x=1", "--config=f"))
        .isEqualTo(
            new Arguments.Start(
                Optional.of(Path.of("f")), Map.of("x", "1"), false, false, false, false, false));
  }

  @Test
  void takesABareWordAsTheFile() {
    assertThat(Arguments.parse("start", "config/a.properties", "--override", "x=1"))
        .isEqualTo(
            new Arguments.Start(
                Optional.of(Path.of("config/a.properties")),
                Map.of("x", "1"),
                false,
                false,
                false,
                false,
                false));
    assertThatThrownBy(() -> Arguments.parse("start", "a.properties", "b.properties"))
        .hasMessage("b.properties makes no sense here, since the file is a.properties already");
  }

  @Test
  void knowsTheWaysOutWhenOthersAreSilentOrLost() {
    Arguments.Start found = (Arguments.Start) Arguments.parse("start", "--found");
    Arguments.Start recover = (Arguments.Start) Arguments.parse("start", "--recover-metadata");

    assertThat(found.founds()).isTrue();
    assertThat(found.recovers()).isFalse();
    assertThat(recover.recovers()).isTrue();
    assertThat(recover.givesUpFolders()).isFalse();
    assertThat(((Arguments.Start) Arguments.parse("start", "--give-up-folders")).givesUpFolders())
        .isTrue();
  }

  @Test
  void laterOverridesReplaceEarlierOnes() {
    assertThat(Arguments.parse("start", "--override", "x=1", "--override", "x=2"))
        .isEqualTo(
            new Arguments.Start(
                Optional.empty(), Map.of("x", "2"), false, false, false, false, false));
  }

  @Test
  void tellsTheUsageWhenNothingIsAsked() {
    assertThat(Arguments.parse()).isEqualTo(new Arguments.Help());
  }

  @Test
  void namesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Arguments.parse("start", "--confg", "x"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("unknown option --confg\n\nUsage:");
    assertThatThrownBy(() -> Arguments.parse("stop"))
        .hasMessageStartingWith("unknown command stop");
  }

  @Test
  void refusesAnOverrideWithoutValue() {
    assertThatThrownBy(() -> Arguments.parse("start", "--override", "num.partitions"))
        .hasMessage("--override num.partitions: write it as key=value");
    assertThatThrownBy(() -> Arguments.parse("start", "--override"))
        .hasMessage("--override needs a value");
  }
}
