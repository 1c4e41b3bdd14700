package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepetitionsTest {
  private final Repetitions repetitions = new Repetitions();

  @Test
  void theFirstIsLetThroughAndTheNextAfterAMinute() {
    assertThat(repetitions.next(-5)).isZero();
    assertThat(repetitions.next(0)).isEqualTo(-1);
    assertThat(repetitions.next(59_994)).isEqualTo(-1);
    assertThat(repetitions.isOver(59_994)).isFalse();

    assertThat(repetitions.isOver(59_995)).isTrue();
    assertThat(repetitions.next(59_995)).isEqualTo(2);
    assertThat(repetitions.next(59_996)).isEqualTo(-1);
  }

  @Test
  void aLineTellsHowManyItStandsFor() {
    assertThat(Repetitions.told(0)).isEmpty();
    assertThat(Repetitions.told(2)).isEqualTo(" (and 2 times more since the last such line)");
  }
}
