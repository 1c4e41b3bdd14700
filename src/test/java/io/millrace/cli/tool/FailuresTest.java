package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What a command says of a client that waited in vain. */
class FailuresTest {
  private static String said(String client) {
    return Failures.explain(new TimeoutException(client), "host:9092").getMessage();
  }

  private static String call(String name, String api, int tries) {
    return "Call(callName=%s(api=%s), deadlineMs=1795800354043, tries=%d, nextAllowedTryMs=1) timed out at 2 after %3$d attempt(s)"
        .formatted(name, api, tries);
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() {
    assertThat(said(call("describeConsumerGroups", "FIND_COORDINATOR", 40)))
        .startsWith("No answer from host:9092 in time: Call(callName=describeConsumerGroups");
  }

  @Test
  void aCoordinatorThatNobodyIsIsToldFromABrokerThatDoesNotAnswer() {
    assertThat(said(call("describeConsumerGroups", "FIND_COORDINATOR", 284_479)))
        .isEqualTo(
            "The coordinator is not available: the partition of the internal topic that it needs"
                + " has no leader.");
  }

  @Test
  void aGroupThatHasNoRoomIsExplained() {
    String client = "Unexpected error in join group response: " + Errors.POLICY_VIOLATION.message();
    assertThat(Failures.explain(new KafkaException(client), "host:9092").hint())
        .hasValueSatisfying(hint -> assertThat(hint).contains("group.memory.bytes"));
  }

  @Test
  void aPartitionWithoutALeaderIsToldFromABrokerThatDoesNotAnswer() {
    assertThat(said(call("listOffsets", "METADATA", 674_673)))
        .isEqualTo("A partition that is needed has no leader.");
  }
}
