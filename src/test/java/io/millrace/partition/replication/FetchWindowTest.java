package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.FetchExtras.Window;
import org.junit.jupiter.api.Test;

class FetchWindowTest {
  private final FetchWindow window = new FetchWindow();

  private void answers(int count, long tookMs, long heldMs) {
    for (int i = 0; i < count; i++) {
      window.answered(tookMs, heldMs);
    }
  }

  @Test
  void aLeaderNearbyIsAskedOnceAtATimeHoweverLongItWaits() {
    answers(FetchWindow.SAMPLES, 501, 500);

    assertThat(window.requestsMax()).isEqualTo(1);
    assertThat(window.window()).isEqualTo(Window.ONE);
    assertThat(window.responseBytes(10 << 20)).isEqualTo(10 << 20);
  }

  @Test
  void severalRequestsWaitAtALeaderThatIsFar() {
    answers(FetchWindow.SAMPLES, 540, 500);

    assertThat(window.requestsMax()).isEqualTo(10);
    assertThat(window.window()).isEqualTo(new Window(10, 5));
  }

  @Test
  void allAnswersUnderWayTogetherAreNoLargerThanTwoOfThemAlone() {
    answers(FetchWindow.SAMPLES, 540, 500);

    assertThat(window.requestsMax() * window.responseBytes(10 << 20))
        .isLessThanOrEqualTo(2 * (10 << 20));
  }

  @Test
  void aMachineThatIsBusyForAWhileIsNotFar() {
    answers(FetchWindow.SAMPLES - 1, 540, 500);
    answers(1, 2, 1);
    answers(FetchWindow.SAMPLES - 1, 540, 500);

    assertThat(window.isFar()).isFalse();
  }

  @Test
  void aLeaderThatDoesNotTellHowLongARequestWaitedIsAskedOnceAtATime() {
    answers(FetchWindow.SAMPLES, 540, -1);

    assertThat(window.isFar()).isFalse();
  }
}
