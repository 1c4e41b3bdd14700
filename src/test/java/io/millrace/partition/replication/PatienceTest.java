package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void doublesUpToItsBoundUntilThereIsAnAnswer() {
    Patience patience = new Patience(3_500, 30_000);

    for (int ms : new int[] {3_500, 7_000, 14_000, 28_000, 30_000, 30_000}) {
      assertThat(patience.ms()).isEqualTo(ms);
      patience.wasTooShort();
    }
    patience.answered(200);
    assertThat(patience.ms()).isEqualTo(3_500);
  }

  @Test
  void isLongWhereAnswersTakeLong() {
    Patience patience = new Patience(3_500, 30_000);

    patience.answered(4_000);
    assertThat(patience.ms()).isEqualTo(12_000);
    patience.answered(20_000);
    assertThat(patience.ms()).isEqualTo(30_000);
  }

  @Test
  void neverWaitsLongerThanItsBound() {
    assertThat(new Patience(3_500, 1_000).ms()).isEqualTo(1_000);
  }
}
