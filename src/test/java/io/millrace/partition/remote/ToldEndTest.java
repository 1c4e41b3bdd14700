package io.millrace.partition.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldEndTest {
  private final ToldEnd end = new ToldEnd();

  @Test
  void anAnswerThatWasOvertakenTakesNothingBack() {
    end.told(3, 11);
    end.told(3, 10);
    assertThat(end.offset()).isEqualTo(11);

    end.told(2, 99);
    assertThat(end.offset()).isEqualTo(11);
  }

  @Test
  void aLaterLeaderMayHaveLess() {
    assertThat(end.offset()).isEqualTo(-1);
    end.told(3, 11);

    end.told(4, 7);

    assertThat(end.offset()).isEqualTo(7);
  }
}
