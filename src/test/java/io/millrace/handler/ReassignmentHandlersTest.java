package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reassignment of partitions on a broker that is alone. */
class ReassignmentHandlersTest {
  private final HandlerFixture fixture = new HandlerFixture();

  @BeforeEach
  void createTopic() {
    assertThat(fixture.world.create("t", 2, Map.of()).errorCode()).isZero();
  }

  private ReassignablePartitionResponse reassign(
      String topic, int partition, @Nullable List<Integer> replicas) {
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData()
            .setTopics(
                List.of(
                    new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new ReassignablePartition()
                                    .setPartitionIndex(partition)
                                    .setReplicas(replicas)))));
    AlterPartitionReassignmentsResponseData answer =
        fixture.call(
            new AlterPartitionReassignmentsHandler(fixture.world.cluster, fixture),
            request,
            AlterPartitionReassignmentsResponseData.class);
    return answer.responses().get(0).partitions().get(0);
  }

  @Test
  void takesTheAssignmentThatIsThere() {
    assertThat(reassign("t", 0, List.of(0)).errorCode()).isZero();
  }

  @Test
  void refusesToMoveReplicasToWhomIsNotThere() {
    ReassignablePartitionResponse answer = reassign("t", 0, List.of(0, 7));

    assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT.code());
    assertThat(answer.errorMessage())
        .isEqualTo(
            "The manual partition assignment includes broker 7, but no such broker is registered.");
    assertThat(reassign("t", 0, List.of(0, 0)).errorCode())
        .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT.code());
    assertThat(reassign("t", 0, List.of()).errorCode())
        .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT.code());
    assertThat(reassign("u", 0, List.of(0)).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void hasNoMoveToStopAndNoneToList() {
    ListPartitionReassignmentsResponseData moving =
        fixture.call(
            new ListPartitionReassignmentsHandler(fixture.world.cluster, fixture),
            new ListPartitionReassignmentsRequestData().setTopics(null),
            ListPartitionReassignmentsResponseData.class);

    assertThat(reassign("t", 0, null).errorCode())
        .isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS.code());
    assertThat(moving.errorCode()).isZero();
    assertThat(moving.topics()).isEmpty();
  }
}
