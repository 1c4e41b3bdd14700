package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaderEpochsTest {

  /** Pairs of an epoch and where it begins. */
  private static LeaderEpochs epochs(int... pairs) {
    LeaderEpochs epochs = new LeaderEpochs();
    for (int i = 0; i < pairs.length; i += 2) {
      epochs.assign(pairs[i], pairs[i + 1]);
    }
    return epochs;
  }

  @Test
  void logsOfTheSameEpochsShareAllThatTheShorterOneHas() {
    assertThat(epochs(1, 0, 3, 50).commonEnd(90, epochs(1, 0, 3, 50), 70)).isEqualTo(70);
    assertThat(epochs(1, 0, 3, 50).commonEnd(60, epochs(1, 0, 3, 50), 70)).isEqualTo(60);
  }

  @Test
  void aLogThatWasCutAndGrewInANewerEpochSharesWhatWasLeft() {
    assertThat(epochs(1, 0, 5, 40).commonEnd(90, epochs(1, 0), 70)).isEqualTo(40);
    assertThat(epochs(1, 0, 5, 40).commonEnd(90, epochs(1, 0, 3, 50), 70)).isEqualTo(40);
  }

  @Test
  void whatOnlyOneHasIsNotShared() {
    assertThat(epochs(1, 0).commonEnd(90, epochs(1, 0, 3, 50), 70)).isEqualTo(50);
  }

  @Test
  void logsWithoutACommonEpochShareNothing() {
    assertThat(epochs(7, 40).commonEnd(90, epochs(1, 0, 3, 30), 40)).isEqualTo(-1);
    assertThat(epochs().commonEnd(90, epochs(1, 0), 40)).isEqualTo(-1);
  }
}
