package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How replicas move and leaders are elected by request (KIP-455, KIP-460). */
class ReassignmentTest {
  private final BrokerSteps steps = new BrokerSteps(5, Map.of());

  private Errors reassign(boolean mayChangeFactor, Integer... target) {
    ReassignablePartition wish = new ReassignablePartition().setPartitionIndex(0);
    wish.setReplicas(target == null ? null : Arrays.asList(target));
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData()
            .setAllowReplicationFactorChange(mayChangeFactor);
    request.topics().add(new ReassignableTopic().setName("t").setPartitions(List.of(wish)));
    Decision<AlterPartitionReassignmentsResponseData> decision =
        steps.controller.alterReassignments(steps.image, request);
    steps.happen(decision.facts());
    return Errors.forCode(decision.reply().responses().get(0).partitions().get(0).errorCode());
  }

  private Errors cancel() {
    return reassign(true, (Integer[]) null);
  }

  @Test
  void copiesFirstAndRemovesWhenWhatWasAddedIsInSync() {
    steps.create("t", 0, 0, 1);

    assertThat(reassign(true, 2, 3)).isEqualTo(Errors.NONE);

    PartitionImage moving = steps.partition("t");
    assertThat(moving.replicas()).containsExactly(2, 3, 0, 1);
    assertThat(moving.adding()).containsExactly(2, 3);
    assertThat(moving.removing()).containsExactly(0, 1);
    assertThat(moving.leader()).isZero();

    steps.isr("t", 0, 1, 2);
    assertThat(steps.partition("t").isReassigned()).isTrue();
    AlterPartitionResponseData.PartitionData last = steps.isr("t", 0, 1, 2, 3);

    PartitionImage moved = steps.partition("t");
    assertThat(Errors.forCode(last.errorCode())).isEqualTo(Errors.NEW_LEADER_ELECTED);
    assertThat(moved.replicas()).containsExactly(2, 3);
    assertThat(moved.isr()).containsExactly(2, 3);
    assertThat(moved.leader()).isEqualTo(2);
    assertThat(moved.leaderEpoch()).isEqualTo(1);
    assertThat(moved.isReassigned()).isFalse();
  }

  @Test
  void partitionsAddedMeanwhileGetAsManyReplicasAsItIsToHave() {
    steps.create("t", 0, 0, 1);
    reassign(true, 2, 3);

    CreatePartitionsRequestData growth = new CreatePartitionsRequestData();
    growth.topics().add(new CreatePartitionsTopic().setName("t").setCount(2).setAssignments(null));
    steps.happen(steps.controller.createPartitions(steps.image, growth).facts());

    assertThat(steps.image.topic("t").partition(1).replicas()).hasSize(2);
  }

  @Test
  void cancellingTakesAwayWhatWasAdded() {
    steps.create("t", 0, 0, 1);
    reassign(true, 1, 2, 3);
    steps.isr("t", 0, 1, 2);

    assertThat(cancel()).isEqualTo(Errors.NONE);

    assertThat(steps.partition("t").replicas()).containsExactlyInAnyOrder(0, 1);
    assertThat(steps.partition("t").isr()).containsExactlyInAnyOrder(0, 1);
    assertThat(steps.partition("t").isReassigned()).isFalse();
    assertThat(cancel()).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
  }

  @Test
  void neverTakesAwayTheLastOfThoseWhoMayHoldWhatWasAcknowledged() {
    steps.create("t", 0, 0, 1);
    reassign(true, 2, 3);
    steps.isr("t", 0, 1, 2);
    steps.fence(1);
    steps.fence(0);
    assertThat(steps.partition("t").isr()).containsExactly(2);
    assertThat(cancel()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);

    steps.restart(2, false);

    assertThat(steps.partition("t").lastIsr()).containsExactly(2);
    assertThat(cancel()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(reassign(true, 3, 4)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(reassign(true, 2)).isEqualTo(Errors.NONE);
  }

  @Test
  void aNewTargetReplacesTheOneUnderWay() {
    steps.create("t", 0, 0, 1);
    reassign(true, 0, 2);

    reassign(true, 0, 3);

    assertThat(steps.partition("t").replicas()).containsExactly(0, 3, 1);
    assertThat(steps.partition("t").adding()).containsExactly(3);
    assertThat(steps.partition("t").removing()).containsExactly(1);
  }

  @Test
  void anotherOrderNeedsNoCopying() {
    steps.create("t", 0, 0, 1);

    reassign(true, 1, 0);

    assertThat(steps.partition("t").replicas()).containsExactly(1, 0);
    assertThat(steps.partition("t").leader()).isZero();
    assertThat(steps.partition("t").isReassigned()).isFalse();
  }

  @Test
  void neverRemovesReplicasWhileTooFewWouldBeInSync() {
    BrokerSteps strict = new BrokerSteps(4, Map.of("min.insync.replicas", "2"));
    strict.create("t", 0, 0, 1);
    strict.isr("t", 0);
    AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData();
    request
        .topics()
        .add(
            new ReassignableTopic()
                .setName("t")
                .setPartitions(
                    List.of(
                        new ReassignablePartition()
                            .setPartitionIndex(0)
                            .setReplicas(List.of(1, 2)))));
    strict.happen(strict.controller.alterReassignments(strict.image, request).facts());

    strict.isr("t", 0, 2);
    assertThat(strict.partition("t").isReassigned()).isTrue();
    strict.isr("t", 0, 1, 2);
    assertThat(strict.partition("t").replicas()).containsExactly(1, 2);
  }

  @Test
  void endsWhenTheMinimumThatItWaitedForIsLowered() {
    BrokerSteps strict = new BrokerSteps(4, Map.of("min.insync.replicas", "2"));
    strict.create("t", 0, 0, 1);
    strict.isr("t", 0);
    AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData();
    request.topics().add(move("t", 0, 1, 2));
    strict.happen(strict.controller.alterReassignments(strict.image, request).facts());
    strict.isr("t", 0, 2);
    assertThat(strict.partition("t").isReassigned()).isTrue();

    strict.happen(
        strict.controller.incrementalAlterConfigs(strict.image, IsrTest.minimum("1")).facts());

    assertThat(strict.partition("t").isReassigned()).isFalse();
    assertThat(strict.partition("t").replicas()).containsExactly(1, 2);
    assertThat(strict.partition("t").isr()).containsExactly(2);
    assertThat(strict.partition("t").leader()).isEqualTo(2);
  }

  @Test
  void refusesWhatCannotBe() {
    steps.create("t", 0, 0, 1);

    assertThat(reassign(true)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(reassign(true, 0, 0)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(reassign(true, 0, 9)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(reassign(false, 0, 1, 2)).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    assertThat(reassign(false, 0, 2)).isEqualTo(Errors.NONE);
  }

  private static ReassignableTopic move(String topic, int partition, Integer... replicas) {
    return new ReassignableTopic()
        .setName(topic)
        .setPartitions(
            List.of(
                new ReassignablePartition()
                    .setPartitionIndex(partition)
                    .setReplicas(List.of(replicas))));
  }

  @Test
  void takesATopicThatIsNamedTwiceAndRefusesAPartitionThatIs() {
    steps.happen(
        steps
            .controller
            .createTopics(
                steps.image, Images.creation(Images.assign(Images.assigned("t", 0, 0, 1), 1, 0, 1)))
            .facts());
    AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData();
    request.topics().addAll(List.of(move("t", 0, 1, 2), move("t", 1, 1, 2), move("t", 0, 2, 0)));

    Decision<AlterPartitionReassignmentsResponseData> decision =
        steps.controller.alterReassignments(steps.image, request);
    steps.happen(decision.facts());

    assertThat(decision.reply().responses())
        .extracting(topic -> Errors.forCode(topic.partitions().get(0).errorCode()))
        .containsExactly(Errors.NONE, Errors.NONE, Errors.INVALID_REQUEST);
    assertThat(steps.image.topic("t").partitions())
        .allSatisfy(partition -> assertThat(partition.adding()).containsExactly(2));
  }

  @Test
  void electsOnceWhereAPartitionIsNamedTwice() {
    steps.create("t", 0, 0, 1);
    steps.restart(0, true);
    steps.isr("t", 1, 0);
    ElectLeadersRequestData request = new ElectLeadersRequestData();
    for (int i = 0; i < 2; i++) {
      request
          .topicPartitions()
          .add(
              new ElectLeadersRequestData.TopicPartitions()
                  .setTopic("t")
                  .setPartitions(List.of(0)));
    }

    Decision<ElectLeadersResponseData> decision =
        steps.controller.electLeaders(steps.image, request);
    steps.happen(decision.facts());

    assertThat(decision.reply().replicaElectionResults())
        .flatExtracting(topic -> topic.partitionResult())
        .extracting(result -> Errors.forCode(result.errorCode()))
        .containsExactly(Errors.NONE, Errors.NONE);
    assertThat(steps.partition("t").leader()).isZero();
  }

  private Errors elect(int type) {
    ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType((byte) type);
    request
        .topicPartitions()
        .add(new ElectLeadersRequestData.TopicPartitions().setTopic("t").setPartitions(List.of(0)));
    Decision<ElectLeadersResponseData> decision =
        steps.controller.electLeaders(steps.image, request);
    steps.happen(decision.facts());
    return Errors.forCode(
        decision.reply().replicaElectionResults().get(0).partitionResult().get(0).errorCode());
  }

  @Test
  void electsThePreferredLeaderWhenItIsInSync() {
    steps.create("t", 0, 0, 1);
    assertThat(elect(0)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
    steps.restart(0, true);
    assertThat(elect(0)).isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);

    steps.isr("t", 1, 0);
    assertThat(elect(0)).isEqualTo(Errors.NONE);

    assertThat(steps.partition("t").leader()).isZero();
  }

  @Test
  void electsUncleanlyWhenAskedAndNobodyInSyncCanLead() {
    steps.create("t", 0, 0, 1);
    steps.isr("t", 0);
    assertThat(elect(1)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
    steps.fence(0);

    assertThat(elect(1)).isEqualTo(Errors.NONE);

    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").isr()).containsExactly(1);
  }

  @Test
  void preferredLeadersLeadAgainByThemselves() {
    steps.create("t", 0, 0, 1);
    steps.restart(0, true);
    steps.isr("t", 1, 0);

    steps.happen(steps.controller.restorePreferred(steps.image));

    assertThat(steps.partition("t").leader()).isZero();
  }

  @Test
  void misplacedLeadersAreNeverLookedForWhereTheIntervalIsTheLongest() {
    String longest = Long.toString(Long.MAX_VALUE);
    BrokerSteps patient =
        new BrokerSteps(1, Map.of("leader.imbalance.check.interval.seconds", longest));
    long nowMs = 1_000_000_000;

    assertThat(nowMs + patient.controller.restoreIntervalMs(patient.image))
        .isGreaterThan(nowMs + Duration.ofDays(10_000).toMillis());
  }

  @Test
  void internalTopicsAreCopiedToBrokersThatJoin() {
    BrokerSteps growing = new BrokerSteps(1, Map.of("offsets.topic.num.partitions", "4"));
    growing.happen(
        growing.controller.createInternalTopic(growing.image, "__consumer_offsets").facts());
    for (int id = 1; id < 3; id++) {
      growing.register(growing.registration(id, -1), false);
      growing.unfence(id);
    }

    growing.happen(growing.controller.raiseInternalReplication(growing.image));

    TopicImage topic = growing.image.topic("__consumer_offsets");
    assertThat(topic.partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.replicas()).containsExactlyInAnyOrder(0, 1, 2);
              assertThat(partition.adding()).containsExactlyInAnyOrder(1, 2);
              assertThat(partition.leader()).isZero();
            });
    assertThat(growing.controller.raiseInternalReplication(growing.image)).isEmpty();
  }

  @Test
  void spreadsReplicasOverRacks() {
    BrokerSteps racks = new BrokerSteps(1, Map.of());
    for (int id = 1; id < 6; id++) {
      racks.register(racks.registration(id, -1).setRack("r" + id % 3), false);
      racks.unfence(id);
    }

    for (List<Integer> replicas : ReplicaPlacement.choose(racks.image, 0, 30, 3)) {
      assertThat(replicas.stream().map(id -> ReplicaPlacement.rack(racks.image, id)))
          .doesNotHaveDuplicates();
    }
  }
}
