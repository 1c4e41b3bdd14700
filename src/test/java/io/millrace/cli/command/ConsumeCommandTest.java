package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Typed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumeCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"-5", "42", "2026-01-31", "2026-01-31T12:00:00Z"})
  void groupIsNotPromisedAPlaceOfItsOwn(String from) {
    Typed.Printed printed = Typed.inPipe().millrace("consume", "t", "--group", "g", "--from", from);

    assertThat(printed.exitCode()).isEqualTo(2);
    assertThat(printed.out()).isEmpty();
    assertThat(printed.errorLines())
        .containsExactly(
            "A group goes on where it was: with --group, --from takes beginning or end, not '"
                + from
                + "'",
            "hint: Leave --group out to read from there; millrace groups reset g moves the"
                + " group.");
  }
}
