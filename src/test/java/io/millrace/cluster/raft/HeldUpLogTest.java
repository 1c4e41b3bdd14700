package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a leader of the metadata log gives up its lead because of its disk. */
class HeldUpLogTest {
  private int handedOver;
  private final HeldUpLog log = new HeldUpLog(() -> handedOver++);

  @Test
  void aForceThatTakesSecondsMakesTheLeaderHandOver() {
    look(HeldUpLog.LOOKS, 7, 8);
    assertThat(handedOver).isZero();

    look(1, 7, 8);

    assertThat(handedOver).isEqualTo(1);
  }

  @Test
  void nobodyTookOverSoItAsksAgainAfterAWhile() {
    look(HeldUpLog.LOOKS + 1, 7, 8);

    look(HeldUpLog.LOOKS_BETWEEN, 7, 9);
    assertThat(handedOver).isEqualTo(1);
    look(1, 7, 9);
    assertThat(handedOver).isEqualTo(2);
  }

  @Test
  void aLogThatGrowsIsLed() {
    for (int forced = 0; forced < 20; forced++) {
      look(HeldUpLog.LOOKS, forced, forced + 3);
    }

    assertThat(handedOver).isZero();
  }

  @Test
  void othersThatAreNoFasterCouldNotLeadBetter() {
    look(200, 7, 7);
    look(200, 7, 5);
    look(200, 7, -1);

    assertThat(handedOver).isZero();
  }

  private void look(int times, long forced, long elsewhere) {
    for (int i = 0; i < times; i++) {
      log.look(
          new HeldUpLog.Sight() {
            @Override
            public long forced() {
              return forced;
            }

            @Override
            public long forcedElsewhere() {
              return elsewhere;
            }
          });
    }
  }
}
