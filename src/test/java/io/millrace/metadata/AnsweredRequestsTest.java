package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** How long answers are remembered when the clocks of controllers are not the same. */
class AnsweredRequestsTest {
  private static final Uuid PROCESS = new Uuid(1, 1);
  private static final long NOON = 1_800_000_000_000L;
  private static final long DAY = 86_400_000;
  private AnsweredRequests answers = AnsweredRequests.NONE;
  private long number;

  @Test
  void aControllerWhoseClockIsADayAheadForgetsNothing() {
    long last = answer(NOON);

    answer(NOON + DAY);

    assertThat(isRemembered(last)).isTrue();
  }

  @Test
  void aControllerWhoseClockIsADayBehindForgetsNothing() {
    answer(NOON + DAY);
    long last = answer(NOON);

    answer(NOON + 1);

    assertThat(isRemembered(last)).isTrue();
  }

  @Test
  void answersOfABrokerThatAsksOnAreForgottenAfterTenMinutes() {
    long first = answer(NOON);
    for (int second = 10; second <= 600; second += 10) {
      answer(NOON + second * 1000);
      assertThat(isRemembered(first)).isTrue();
    }

    answer(NOON + 601_000);

    assertThat(isRemembered(first)).isFalse();
  }

  private long answer(long wallMs) {
    long atMs = answers.timeOfNext(wallMs);
    answers = answers.plus(request(++number), atMs, Bytes.wrap(new byte[1]));
    return number;
  }

  private boolean isRemembered(long asked) {
    return answers.find(request(asked)) != null;
  }

  private static RequestId request(long number) {
    return new RequestId(0, PROCESS, number);
  }
}
