package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class PartitionGrowthTest {
  private final Controller controller = Images.controller(Map.of());
  private final ClusterImage image = Images.withTopics(Images.of(2), "a", "b.c", "d");

  private Decision<CreatePartitionsResponseData> grow(CreatePartitionsTopic... topics) {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData();
    request.topics().addAll(List.of(topics));
    return controller.createPartitions(image, request);
  }

  private static CreatePartitionsTopic to(String name, int count) {
    return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
  }

  private void assertRefused(CreatePartitionsTopic topic, Errors error, String message) {
    Decision<CreatePartitionsResponseData> decision = grow(topic);
    CreatePartitionsTopicResult result = decision.reply().results().get(0);
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    assertThat(result.errorMessage()).contains(message);
    assertThat(decision.facts()).isEmpty();
  }

  @Test
  void addsPartitionsWithAsManyReplicasAsTheFirstHas() {
    List<Fact> facts = grow(to("a", 3)).facts();

    assertThat(Images.after(image, facts).topic("a").partitions())
        .hasSize(3)
        .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(1));
  }

  @Test
  void placesReplicasOnABrokerThatIsAwayOutsideTheFirstIsr() {
    BrokerSteps steps = new BrokerSteps(2, Map.of());
    steps.create("t", 0, 0, 1);
    steps.fence(1);
    CreatePartitionsRequestData growth = new CreatePartitionsRequestData();
    growth.topics().add(to("t", 2));

    steps.happen(steps.controller.createPartitions(steps.image, growth).facts());

    assertThat(steps.image.partition("t", 1).replicas()).containsExactly(0, 1);
    assertThat(steps.image.partition("t", 1).isr()).containsExactly(0);
  }

  @Test
  void takesReplicasThatTheRequestNames() {
    CreatePartitionsTopic wish =
        to("a", 2)
            .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(1))));

    assertThat(Images.after(image, grow(wish).facts()).partition("a", 1).leader()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNoGrowth() {
    assertRefused(to("a", 1), Errors.INVALID_PARTITIONS, "Topic already has 1 partition(s).");
    assertRefused(to("a", 0), Errors.INVALID_PARTITIONS, "would not be an increase");
    assertRefused(to("x", 3), Errors.UNKNOWN_TOPIC_OR_PARTITION, "");
    assertRefused(to("a", 20_000), Errors.POLICY_VIOLATION, "Excessively large");
  }

  @Test
  void refusesAssignmentsThatDoNotFit() {
    CreatePartitionsAssignment two = new CreatePartitionsAssignment().setBrokerIds(List.of(0, 1));
    assertRefused(
        to("a", 3).setAssignments(List.of(two)),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "Attempted to add 2 additional partition(s), but only 1 assignment(s)");
    assertRefused(
        to("a", 2).setAssignments(List.of(two)),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "not consistent with previous");
  }

  @Test
  void onlyJudgesWhenAskedToValidate() {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData().setValidateOnly(true);
    request.topics().add(to("a", 5));

    Decision<CreatePartitionsResponseData> decision = controller.createPartitions(image, request);

    assertThat(decision.facts()).isEmpty();
    assertThat(decision.reply().results().get(0).errorCode()).isZero();
  }
}
