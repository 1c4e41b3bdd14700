package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RehearsalTest {
  /** A type that was renamed would be looked for in the jar again, seconds after each start. */
  @ParameterizedTest
  @FieldSource("io.millrace.cli.Rehearsal#AT_REST")
  void typesThatRestNeedsAreThere(String name) {
    assertThatCode(() -> Class.forName(name.replace('/', '.'))).doesNotThrowAnyException();
  }
}
