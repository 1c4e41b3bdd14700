package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.browser.RefusedException;
import org.junit.jupiter.api.Test;

class KeepTest {

  @Test
  void anInstanceKeepsItsPlaceOverAReloadUnlessToldOtherwise() {
    Keep keep = Keep.of(null, "tab-7");

    assertThat(keep.outlives(SubscriptionEnd.CLOSED)).isTrue();
    assertThat(keep.outlives(SubscriptionEnd.CUT)).isTrue();
    assertThat(keep.outlives(SubscriptionEnd.UNSUBSCRIBED)).isFalse();
  }

  @Test
  void aPlaceThatIsKeptOverCutsEndsWithASocketThatIsClosedInDueForm() {
    Keep keep = Keep.of("cut", "page-1");

    assertThat(keep.outlives(SubscriptionEnd.CLOSED)).isFalse();
    assertThat(keep.outlives(SubscriptionEnd.CUT)).isTrue();
    assertThat(keep.outlives(SubscriptionEnd.UNSUBSCRIBED)).isFalse();
  }

  @Test
  void otherWordsAndAPlaceOfNobodyAreRefused() {
    assertThatThrownBy(() -> Keep.of("forever", "page-1"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("close or cut");
    assertThatThrownBy(() -> Keep.of("cut", null))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("instance");
  }

  @Test
  void aPageClosesInDueFormWhenItIsDoneOrLeft() {
    assertThat(CloseCode.isInDueForm(1000)).isTrue();
    assertThat(CloseCode.isInDueForm(1001)).isTrue();
    assertThat(CloseCode.isInDueForm(1006)).isFalse();
    assertThat(CloseCode.isInDueForm(4000)).as("moves to another broker").isFalse();
  }

  @Test
  void aPageMayComeBackAfterARestartAndNotAfterWhatItDidWrong() {
    assertThat(CloseCode.RESTART.mayComeBack()).isTrue();
    assertThat(CloseCode.DRAINED.mayComeBack()).isTrue();
    assertThat(CloseCode.HEARTBEAT_MISSED.mayComeBack()).isTrue();
    assertThat(CloseCode.BAD_FRAME.mayComeBack()).isFalse();
    assertThat(CloseCode.DONE.mayComeBack()).isFalse();
  }
}
