package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What holds a session back, each by itself. */
class FlowTest {

  @Test
  void anyCreditAdmitsOneFrame() {
    Credit credit = new Credit(1, 100);

    assertThat(credit.admits()).isTrue();
    credit.take(500, 400);

    assertThat(credit.records()).isEqualTo(-499);
    assertThat(credit.bytes()).isEqualTo(-300);
    assertThat(credit.admits()).isFalse();
  }

  @Test
  void whicheverCreditIsUsedUpStops() {
    Credit credit = new Credit(10, 100);
    credit.take(1, 100);
    assertThat(credit.admits()).isFalse();
    credit.give(0, 1);
    assertThat(credit.admits()).isTrue();
    credit.take(9, 0);
    assertThat(credit.admits()).isFalse();
  }

  @Test
  void creditNeverOverflows() {
    Credit credit = new Credit(Long.MAX_VALUE, Long.MAX_VALUE);
    credit.give(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(credit.records()).isEqualTo(Credit.MAX);
    assertThat(credit.admits()).isTrue();
  }

  @Test
  void twoPingsWithoutAnAnswerAreTheEnd() {
    SignOfLife life = new SignOfLife(true);
    assertThat(life.ping()).isTrue();
    life.heard();
    assertThat(life.ping()).isTrue();
    assertThat(life.ping()).isTrue();
    assertThat(life.ping()).isFalse();
  }

  @Test
  void whoCannotAnswerIsNotTakenForGone() {
    SignOfLife life = new SignOfLife(false);
    for (int i = 0; i < 10; i++) {
      assertThat(life.ping()).isTrue();
    }
  }

  @Test
  void aClientThatAsksForTooMuchIsNotReadFrom() {
    Inflow inflow = new Inflow();
    for (int i = 0; i <= Inflow.PENDING_MAX; i++) {
      inflow.begun(10);
    }
    assertThat(inflow.isTooMuch(true)).isTrue();
    inflow.answered(10);
    assertThat(inflow.isTooMuch(true)).isFalse();
    assertThat(inflow.isTooMuch(false)).isTrue();
    for (int i = 0; i <= Inflow.OPS_PER_SECOND_MAX; i++) {
      inflow.came();
    }
    assertThat(inflow.isTooMuch(true)).isTrue();
    inflow.second();
    assertThat(inflow.isTooMuch(true)).isFalse();
  }

  @Test
  void reasonsFitIntoACloseFrame() {
    assertThat(CloseCode.TOO_SLOW.reason("x")).isEqualTo("too-slow: x");
    assertThat(
            CloseCode.TOO_SLOW
                .reason("주".repeat(200))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                .length)
        .isLessThanOrEqualTo(123);
  }
}
