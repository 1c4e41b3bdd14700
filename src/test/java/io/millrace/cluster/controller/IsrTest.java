package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.PartitionImage;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.PartitionData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How ISRs change, who stays eligible, and who leads when nobody can be trusted. */
class IsrTest {
  private final BrokerSteps steps = new BrokerSteps(4, Map.of("min.insync.replicas", "2"));

  IsrTest() {
    steps.create("t", 0, 0, 1, 2);
  }

  private Errors error(int asker, PartitionData wish) {
    AlterPartitionResponseData reply = steps.alter(steps.request(asker, "t", wish));
    return Errors.forCode(reply.topics().get(0).partitions().get(0).errorCode());
  }

  @Test
  void theLeaderShrinksAndGrowsItsIsr() {
    AlterPartitionResponseData.PartitionData shrunk = steps.isr("t", 0, 1);

    assertThat(shrunk.isr()).containsExactly(0, 1);
    assertThat(shrunk.partitionEpoch()).isEqualTo(1);
    assertThat(shrunk.leaderEpoch()).isZero();
    assertThat(steps.isr("t", 0, 1, 2).isr()).containsExactly(0, 1, 2);
  }

  @Test
  void aRepeatOfTheLastChangeIsAnsweredAsTheFirst() {
    PartitionData wish = steps.wish("t", 0, 1);
    steps.alter(steps.request(0, "t", wish));

    assertThat(error(0, wish)).isEqualTo(Errors.NONE);
    assertThat(steps.partition("t").partitionEpoch()).isEqualTo(1);
  }

  @Test
  void refusesWhatKafkaRefuses() {
    assertThat(error(1, steps.wish("t", 0, 1))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(0, steps.wish("t"))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(0, steps.wish("t", 0, 3))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(0, steps.wish("t", 0, 0))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(0, steps.wish("t", 0).setLeaderEpoch(1))).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(error(0, steps.wish("t", 0).setPartitionEpoch(1))).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(error(0, steps.wish("t", 0).setPartitionIndex(9)))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    steps.isr("t", 0, 1);
    steps.isr("t", 0, 1, 2);
    assertThat(error(0, steps.wish("t", 0).setPartitionEpoch(0)))
        .isEqualTo(Errors.INVALID_UPDATE_VERSION);
    steps.fence(0);
    assertThat(error(1, steps.wish("t", 1).setLeaderEpoch(0)))
        .isEqualTo(Errors.FENCED_LEADER_EPOCH);
  }

  @Test
  void aLeaderThatLeavesItselfOutHandsItsLeadershipOver() {
    assertThat(error(0, steps.wish("t", 1, 2))).isEqualTo(Errors.NEW_LEADER_ELECTED);

    PartitionImage partition = steps.partition("t");
    assertThat(partition.leader()).isEqualTo(1);
    assertThat(partition.leaderEpoch()).isEqualTo(1);
    assertThat(partition.isr()).containsExactly(1, 2);
  }

  @Test
  void aLeaderThatLeavesTooFewBehindStaysEligible() {
    steps.isr("t", 0, 1);

    assertThat(error(0, steps.wish("t", 1))).isEqualTo(Errors.NEW_LEADER_ELECTED);

    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").eligible()).containsExactly(0);
  }

  @Test
  void refusesAnAskerOfAnEarlierRegistration() {
    AlterPartitionRequestData request =
        steps.request(0, "t", steps.wish("t", 0)).setBrokerEpoch(steps.epoch(0) - 1);

    assertThat(steps.alter(request).errorCode()).isEqualTo(Errors.STALE_BROKER_EPOCH.code());
  }

  @Test
  void takesUpNobodyWhoIsFencedOrOfAnEarlierRegistration() {
    steps.fence(2);
    assertThat(error(0, steps.wish("t", 0, 1, 2))).isEqualTo(Errors.INELIGIBLE_REPLICA);
    PartitionData early = steps.wish("t", 0, 1, 2);
    steps.restart(2, true);
    assertThat(error(0, early)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    assertThat(error(0, steps.wish("t", 0, 1, 2))).isEqualTo(Errors.NONE);
  }

  @Test
  void whoLeavesBelowTheMinimumStaysEligibleUntilItIsMetAgain() {
    steps.isr("t", 0, 1);
    assertThat(steps.partition("t").eligible()).isEmpty();

    steps.isr("t", 0);
    assertThat(steps.partition("t").eligible()).containsExactly(1);

    steps.isr("t", 0, 2);
    assertThat(steps.partition("t").eligible()).isEmpty();
  }

  @Test
  void anEligibleReplicaLeadsWhenTheIsrCannot() {
    steps.isr("t", 0, 1);
    steps.isr("t", 0);

    steps.fence(0);

    PartitionImage partition = steps.partition("t");
    assertThat(partition.leader()).isEqualTo(1);
    assertThat(partition.isr()).containsExactly(1);
    assertThat(partition.eligible()).containsExactly(0);
  }

  @Test
  void whoNeverWasEligibleDoesNotLead() {
    steps.isr("t", 0, 1);
    steps.fence(1);
    steps.fence(0);

    assertThat(steps.partition("t").leader()).isEqualTo(-1);
    assertThat(steps.partition("t").eligible()).containsExactly(1);
  }

  @Test
  void anotherMinimumEmptiesTheEligibleReplicasInTheSameEntry() {
    steps.isr("t", 0);
    assertThat(steps.partition("t").eligible()).containsExactly(1, 2);

    steps.happen(steps.controller.incrementalAlterConfigs(steps.image, minimum("3")).facts());

    assertThat(steps.partition("t").eligible()).isEmpty();
  }

  /** A request that sets {@code min.insync.replicas} of the topic {@code t}. */
  static IncrementalAlterConfigsRequestData minimum(String value) {
    return minimum("t", value);
  }

  private static IncrementalAlterConfigsRequestData minimum(String topic, String value) {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType((byte) 2).setResourceName(topic);
    resource.configs().add(new AlterableConfig().setName("min.insync.replicas").setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(resource);
    return request;
  }

  @Test
  void afterAnUncleanStartOfAllTheFullestLeadsWhenAllHaveReported() {
    ReplicaReports reports = new ReplicaReports(Images.configs(Map.of()));
    for (int id = 0; id < 3; id++) {
      steps.restart(id, false);
    }
    assertThat(steps.partition("t").leader()).isEqualTo(-1);
    assertThat(steps.partition("t").lastIsr()).containsExactly(0, 1, 2);

    report(reports, 0, 4, 100);
    report(reports, 1, 5, 90);
    assertThat(reports.elect(steps.image, 0)).isEmpty();
    report(reports, 2, 5, 80);
    steps.happen(reports.elect(steps.image, 0));

    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").isr()).containsExactly(1);
    assertThat(steps.partition("t").lastIsr()).isEmpty();
  }

  @Test
  void whoCameBackWithAllItHadIsAskedTooWhenTheOthersLostTheirPower() {
    ReplicaReports reports = new ReplicaReports(Images.configs(Map.of()));
    // Broker 0 is back before anybody knows that the others had lost their power
    steps.restart(0, true);
    assertThat(steps.partition("t").isr()).doesNotContain(0);
    steps.restart(1, false);
    steps.restart(2, false);
    assertThat(steps.partition("t").leader()).isEqualTo(-1);

    report(reports, 1, 4, 80);
    report(reports, 2, 4, 90);
    assertThat(reports.elect(steps.image, 0)).isEmpty();
    report(reports, 0, 4, 100);
    steps.happen(reports.elect(steps.image, 0));

    assertThat(steps.partition("t").leader()).isEqualTo(0);
  }

  @Test
  void whoLeftTheIsrWhenItsProcessDiedMayHoldWhatTheOthersLostWithTheirPower() {
    ReplicaReports reports = reportsOfTwoThatLostEverythingAfterTheThirdDied();

    assertThat(reports.elect(steps.image, 0)).isEmpty();
    steps.restart(1, false);
    report(reports, 1, 0, 8);
    steps.happen(reports.elect(steps.image, 100));

    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").isr()).containsExactly(1);
  }

  @Test
  void whoLeftTheIsrWhenItsProcessDiedIsNotWaitedForForLong() {
    ReplicaReports reports = reportsOfTwoThatLostEverythingAfterTheThirdDied();

    assertThat(reports.elect(steps.image, 0)).isEmpty();
    assertThat(reports.elect(steps.image, ReplicaReports.OTHERS_MS - 1)).isEmpty();
    steps.happen(reports.elect(steps.image, ReplicaReports.OTHERS_MS));

    assertThat(steps.partition("t").leader()).isIn(0, 2);
  }

  private ReplicaReports reportsOfTwoThatLostEverythingAfterTheThirdDied() {
    ReplicaReports reports = new ReplicaReports(Images.configs(Map.of()));
    steps.fence(1);
    steps.restart(0, false);
    steps.restart(2, false);
    assertThat(steps.partition("t").lastIsr()).containsExactlyInAnyOrder(0, 2);
    report(reports, 0, -1, 0);
    report(reports, 2, -1, 0);
    return reports;
  }

  @Test
  void theLastMemberThatCameBackWithAnEmptyDiskDoesNotLeadOneThatHoldsMore() {
    ReplicaReports reports = reportsOfALastMemberThatLostItsDisk();

    assertThat(reports.elect(steps.image, 0)).isEmpty();
    report(reports, "pair", 1, 2, 100);
    steps.happen(reports.elect(steps.image, 0));

    assertThat(steps.partition("pair").leader()).isEqualTo(1);
    assertThat(steps.partition("pair").isr()).containsExactly(1);
  }

  @Test
  void theLastMemberLeadsAgainWhenNobodyElseComes() {
    ReplicaReports reports = reportsOfALastMemberThatLostItsDisk();
    steps.fence(1);

    assertThat(reports.elect(steps.image, 0)).isEmpty();
    steps.happen(reports.elect(steps.image, ReplicaReports.OTHERS_MS));

    assertThat(steps.partition("pair").leader()).isZero();
  }

  private ReplicaReports reportsOfALastMemberThatLostItsDisk() {
    ReplicaReports reports = new ReplicaReports(Images.configs(Map.of()));
    steps.create("pair", 0, 0, 1);
    steps.happen(
        steps.controller.incrementalAlterConfigs(steps.image, minimum("pair", "1")).facts());
    steps.isr("pair", 0);
    steps.restart(0, false);
    assertThat(steps.partition("pair").leader()).isEqualTo(-1);
    assertThat(steps.partition("pair").lastIsr()).containsExactly(0);
    report(reports, "pair", 0, -1, 0);
    return reports;
  }

  @Test
  void whoCameBackIsNotWaitedForOnceALeaderHasChangedTheIsr() {
    steps.restart(0, true);
    assertThat(steps.partition("t").lastIsr()).containsExactly(0);

    steps.isr("t", 0, 1, 2);

    assertThat(steps.partition("t").isr()).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(steps.partition("t").lastIsr()).isEmpty();
  }

  private void report(ReplicaReports reports, int broker, int lastEpoch, long logEnd) {
    report(reports, "t", broker, lastEpoch, logEnd);
  }

  private void report(
      ReplicaReports reports, String topic, int broker, int lastEpoch, long logEnd) {
    reports.add(
        steps.image,
        steps.image.topic(topic).id(),
        0,
        broker,
        new ReplicaReports.Report(steps.epoch(broker), lastEpoch, logEnd));
  }

  @Test
  void aReportOfAnEarlierRegistrationCountsForNothing() {
    ReplicaReports reports = new ReplicaReports(Images.configs(Map.of()));
    for (int id = 0; id < 3; id++) {
      steps.restart(id, false);
    }
    for (int id = 0; id < 3; id++) {
      report(reports, id, 1, 1);
    }
    steps.restart(2, true);

    assertThat(reports.elect(steps.image, 0)).isEmpty();
  }

  @Test
  void theOnlyReplicaLeadsAgainAfterAnUncleanStart() {
    steps.create("alone", 0, 3);

    steps.restart(3, false);

    assertThat(steps.partition("alone").leader()).isEqualTo(3);
    assertThat(steps.partition("alone").isr()).containsExactly(3);
    assertThat(steps.partition("alone").leaderEpoch()).isEqualTo(2);
  }

  @Test
  void anUncleanElectionIsHeldAtOnceWhereItIsAllowed() {
    BrokerSteps allowed = new BrokerSteps(3, Map.of("unclean.leader.election.enable", "true"));
    allowed.create("t", 0, 0, 1);
    allowed.isr("t", 0);

    allowed.fence(0);

    assertThat(allowed.partition("t").leader()).isEqualTo(1);
    assertThat(allowed.partition("t").isr()).containsExactly(1);
  }

  @Test
  void aFailedLogFolderTakesItsReplicasOutUntilTheBrokerStartsAnew() {
    steps.loseFolderOf("t", 0);

    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").isr()).containsExactly(1, 2);
    assertThat(steps.partition("t").offline()).containsExactly(0);
    assertThat(error(1, steps.wish("t", 1, 2, 0))).isEqualTo(Errors.INELIGIBLE_REPLICA);

    steps.restart(0, true);
    assertThat(steps.partition("t").offline()).isEmpty();
    assertThat(error(1, steps.wish("t", 1, 2, 0))).isEqualTo(Errors.NONE);
  }

  @Test
  void aBrokerAloneLeadsWhatALostFolderHeldWhenItStartsAnew() {
    for (boolean trusted : new boolean[] {true, false}) {
      BrokerSteps alone = new BrokerSteps(1, Map.of());
      alone.create("t", 0, 0);
      alone.create("whole", 0, 0);

      alone.loseFolderOf("t", 0);
      assertThat(alone.partition("t").hasLeader()).isFalse();
      assertThat(alone.partition("whole").leader()).isZero();
      int epoch = alone.partition("t").leaderEpoch();

      alone.beginAlone(trusted);
      assertThat(alone.partition("t").leader()).isZero();
      assertThat(alone.partition("t").isr()).containsExactly(0);
      assertThat(alone.partition("t").offline()).isEmpty();
      assertThat(alone.partition("t").leaderEpoch()).isEqualTo(epoch + 1);
    }
  }
}
