package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Committed;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Ending;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Heartbeat;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The steps of a page in a group, one by one. */
class GroupMemberTest {
  private static final TopicPartition P0 = new TopicPartition("orders", 0);
  private static final TopicPartition P1 = new TopicPartition("orders", 1);
  private static final String RANGE = "range";
  private static final String COOPERATIVE = "cooperative-sticky";

  private GroupMember member = member(null);
  private List<MemberEffect> effects = List.of();
  private long nowMs = 1_000;

  private static GroupMember member(String instance) {
    return new GroupMember(
        new MemberOptions("g", instance, List.of("orders"), MemberOptions.Times.DEFAULTS),
        topic -> 2);
  }

  private <T extends MemberEffect> T only(Class<T> type) {
    List<T> found = effects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
    return found.get(0);
  }

  private boolean has(Class<? extends MemberEffect> type) {
    return effects.stream().anyMatch(type::isInstance);
  }

  private static JoinGroupResponseData generation(int number, String protocol) {
    return new JoinGroupResponseData()
        .setMemberId("me")
        .setLeader("other")
        .setGenerationId(number)
        .setProtocolName(protocol);
  }

  private void joins(int generation, String protocol, TopicPartition... assigned) {
    int call = only(Join.class).call();
    effects = member.joined(call, generation(generation, protocol), nowMs);
    List<org.apache.kafka.common.TopicPartition> share =
        Arrays.stream(assigned)
            .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
            .toList();
    byte[] bytes = ConsumerProtocol.serializeAssignment(new Assignment(share)).array();
    effects =
        member.synced(
            only(Sync.class).call(), new SyncGroupResponseData().setAssignment(bytes), nowMs);
  }

  private void startsWith(String protocol, TopicPartition... assigned) {
    effects = member.start(nowMs);
    joins(1, protocol, assigned);
  }

  private void begins(long committed, TopicPartition... partitions) {
    OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics().setName("orders");
    for (TopicPartition partition : partitions) {
      topic
          .partitions()
          .add(
              new OffsetFetchResponsePartitions()
                  .setPartitionIndex(partition.partition())
                  .setCommittedOffset(committed)
                  .setCommittedLeaderEpoch(3));
    }
    OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().setTopics(List.of(topic));
    effects =
        member.fetched(
            only(Fetch.class).call(),
            new OffsetFetchResponseData().setGroups(List.of(group)),
            nowMs);
  }

  private void heartbeat(Errors answer) {
    nowMs = member.nextTickMs();
    effects = member.tick(nowMs);
    heartbeatAnswered(answer);
  }

  private void heartbeatAnswered(Errors answer) {
    effects =
        member.heartbeatAnswered(
            only(Heartbeat.class).call(),
            new HeartbeatResponseData().setErrorCode(answer.code()),
            nowMs);
  }

  private void commitAnswered(Commit commit, Errors answer) {
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    commit
        .request()
        .topics()
        .forEach(
            topic -> {
              OffsetCommitResponseTopic results =
                  new OffsetCommitResponseTopic().setName(topic.name());
              topic
                  .partitions()
                  .forEach(
                      p ->
                          results
                              .partitions()
                              .add(
                                  new OffsetCommitResponsePartition()
                                      .setPartitionIndex(p.partitionIndex())
                                      .setErrorCode(answer.code())));
              response.topics().add(results);
            });
    effects = member.committed(commit.call(), response, nowMs);
  }

  private static OffsetCommitRequestPartition committed(Commit commit) {
    return commit.request().topics().get(0).partitions().get(0);
  }

  // Joining.

  @Test
  void offersWhatJavaAndLibrdkafkaOffer() {
    effects = member.start(nowMs);

    assertThat(only(Join.class).request().protocols())
        .extracting(JoinGroupRequestProtocol::name)
        .containsExactly(COOPERATIVE, RANGE, "roundrobin", "sticky");
  }

  @Test
  void joinsAgainWithTheIdThatItIsTold() {
    effects = member.start(nowMs);
    JoinGroupResponseData answer =
        new JoinGroupResponseData()
            .setErrorCode(Errors.MEMBER_ID_REQUIRED.code())
            .setMemberId("browser:7-x");

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Join.class).request().memberId()).isEqualTo("browser:7-x");
  }

  @Test
  void sharesOutWithKafkasAssignorWhenItLeads() {
    effects = member.start(nowMs);
    byte[] metadata = metadataOf(RANGE);
    JoinGroupResponseData answer = generation(1, RANGE).setLeader("me");
    for (String id : List.of("me", "java")) {
      answer.members().add(new JoinGroupResponseMember().setMemberId(id).setMetadata(metadata));
    }

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Sync.class).request().assignments())
        .allSatisfy(
            share ->
                assertThat(
                        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(share.assignment()))
                            .partitions())
                    .hasSize(1))
        .hasSize(2);
  }

  private byte[] metadataOf(String protocol) {
    return only(Join.class).request().protocols().find(protocol).metadata();
  }

  @Test
  void leavesTheLeadToOthersWhenItCannotReadThem() {
    effects = member.start(nowMs);
    JoinGroupResponseData answer = generation(1, RANGE).setLeader("me");
    answer
        .members()
        .add(new JoinGroupResponseMember().setMemberId("odd").setMetadata(new byte[] {1}));

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Ended.class).error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(only(Leave.class).afterMs()).isZero();
  }

  @Test
  void isRefusedInWordsByAGroupOfStreams() {
    effects = member.start(nowMs);

    effects =
        member.joined(
            only(Join.class).call(),
            new JoinGroupResponseData().setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code()),
            nowMs);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.REFUSED);
    assertThat(only(Ended.class).hint()).contains("partition.assignment.strategy");
  }

  // Delivering.

  @Test
  void beginsAtWhatIsCommitted() {
    startsWith(RANGE, P0, P1);
    assertThat(only(Assigned.class)).isEqualTo(new Assigned(Set.of(P0, P1), 1));

    begins(130, P0, P1);

    assertThat(effects)
        .contains(new Begin(P0, new Committed(130, 3)), new Begin(P1, new Committed(130, 3)));
    assertThat(member.mayDeliver(nowMs)).isTrue();
  }

  @Test
  void commitsWhereItBeginsWhenNothingIsCommitted() {
    startsWith(RANGE, P0);
    begins(-1, P0);
    assertThat(only(Begin.class).committed()).isNull();

    effects = member.began(P0, 77, 2, nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(77);
  }

  @Test
  void stopsWhenItWasNotHeardOfForTheSessionTimeoutCountedFromTheSending() {
    startsWith(RANGE, P0);
    begins(0, P0);
    long sentMs = nowMs;
    nowMs = sentMs + MemberOptions.Times.DEFAULTS.sessionMs();

    assertThat(member.mayDeliver(nowMs - 1)).isTrue();
    assertThat(member.mayDeliver(nowMs)).isFalse();
    effects = member.tick(nowMs);
    assertThat(has(Hold.class)).isTrue();

    heartbeatAnswered(Errors.NONE);
    assertThat(has(Release.class)).isTrue();
    assertThat(member.mayDeliver(nowMs)).isTrue();
  }

  // Rebalances.

  @Test
  void givesEverythingUpBeforeItJoinsAgainUnderAnEagerAssignor() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);

    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    assertThat(only(Revoked.class)).isEqualTo(new Revoked(Set.of(P0), 5_000));
    assertThat(has(Join.class)).as("while the page may acknowledge").isFalse();
    effects = member.acknowledge(1, Map.of(P0, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(has(Acknowledged.class)).isTrue();
    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void joinsAgainWithoutAcknowledgementsWhenTheTimeForThemIsOver() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    nowMs += 5_000;
    effects = member.tick(nowMs);

    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void keepsItsPartitionsWhileItJoinsAgainUnderACooperativeAssignor() {
    startsWith(COOPERATIVE, P0, P1);
    begins(0, P0, P1);

    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    assertThat(has(Revoked.class)).isFalse();
    assertThat(has(Hold.class)).isTrue();
    joins(2, COOPERATIVE, P0, P1);
    assertThat(has(Release.class)).isTrue();
    assertThat(only(Assigned.class).added()).isEmpty();
  }

  @Test
  void givesUpWhatOthersAreToHaveAndJoinsOnceMore() {
    startsWith(COOPERATIVE, P0, P1);
    begins(0, P0, P1);
    member.delivered(P1, 5, 0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    joins(2, COOPERATIVE, P0);

    assertThat(only(Revoked.class)).isEqualTo(new Revoked(Set.of(P1), 5_000));
    assertThat(member.mayDeliver(nowMs)).as("what it keeps").isTrue();
    effects = member.acknowledge(1, Map.of(P1, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void beginsAnewWhenAGenerationLiesBetween() {
    startsWith(COOPERATIVE, P0);
    begins(0, P0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    joins(3, COOPERATIVE, P0);

    assertThat(only(Assigned.class).added()).containsExactly(P0);
    assertThat(has(Fetch.class)).isTrue();
  }

  // Acknowledging.

  @Test
  void answersAnAcknowledgementWhenItIsStored() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 4);

    effects = member.acknowledge(9, Map.of(P0, 5L), nowMs);

    assertThat(has(Acknowledged.class)).isFalse();
    assertThat(committed(only(Commit.class)).committedLeaderEpoch()).isEqualTo(4);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(only(Acknowledged.class).ack()).isEqualTo(9);
  }

  @Test
  void commitsOnceForAllThatIsAcknowledgedMeanwhile() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 50, 0);
    effects = member.acknowledge(1, Map.of(P0, 10L), nowMs);
    Commit first = only(Commit.class);
    assertThat(member.acknowledge(2, Map.of(P0, 20L), nowMs)).isEmpty();
    assertThat(member.acknowledge(3, Map.of(P0, 30L), nowMs)).isEmpty();

    commitAnswered(first, Errors.NONE);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(30);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(effects).contains(new Acknowledged(2), new Acknowledged(3));
  }

  @Test
  void neverMovesACommitBack() {
    startsWith(RANGE, P0);
    begins(40, P0);
    member.delivered(P0, 50, 0);

    effects = member.acknowledge(1, Map.of(P0, 30L), nowMs);

    assertThat(has(Commit.class)).isFalse();
    assertThat(has(Acknowledged.class)).isTrue();
  }

  @Test
  void refusesAcknowledgementsOfWhatItDoesNotHaveAndDidNotDeliver() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);

    effects = member.acknowledge(1, Map.of(P1, 1L), nowMs);
    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.ILLEGAL_GENERATION);
    effects = member.acknowledge(2, Map.of(P0, 6L), nowMs);
    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void triesACommitAgainThatTheCoordinatorCouldNotTake() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);
    effects = member.acknowledge(1, Map.of(P0, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(has(NotAcknowledged.class)).isFalse();

    nowMs = member.nextTickMs();
    effects = member.tick(nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(5);
  }

  @Test
  void boundsTheAcknowledgementsThatWait() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5_000, 0);
    for (long ack = 1; ack <= 1_024; ack++) {
      member.acknowledge(ack, Map.of(P0, ack), nowMs);
    }

    effects = member.acknowledge(1_025, Map.of(P0, 1_025L), nowMs);

    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
  }

  // The end.

  @Test
  void isFencedWhenTheCoordinatorKnowsItNoMore() {
    startsWith(RANGE, P0);

    heartbeat(Errors.UNKNOWN_MEMBER_ID);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.FENCED);
    assertThat(member.mayDeliver(nowMs)).isFalse();
    assertThat(member.nextTickMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isReplacedWhenItsInstanceBelongsToAnother() {
    member = member("tab-7");
    startsWith(RANGE, P0);

    heartbeat(Errors.FENCED_INSTANCE_ID);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.REPLACED);
    assertThat(has(Leave.class)).isFalse();
  }

  @Test
  void leavesAtOnceWithAReason() {
    startsWith(RANGE, P0);

    effects = member.close("closed its socket", true, nowMs);

    assertThat(only(Leave.class).afterMs()).isZero();
    assertThat(only(Leave.class).request().members().get(0).reason())
        .isEqualTo("closed its socket");
  }

  @Test
  void keepsThePlaceOfAnInstanceForTheGraceTime() {
    member = member("tab-7");
    startsWith(RANGE, P0);

    effects = member.close("closed its socket", true, nowMs);

    assertThat(only(Leave.class).afterMs()).isEqualTo(10_000);
    assertThat(only(Leave.class).request().members().get(0).groupInstanceId()).isEqualTo("tab-7");
  }

  @Test
  void commitsWhatWasAcknowledgedBeforeItLeaves() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 50, 0);
    member.acknowledge(1, Map.of(P0, 10L), nowMs);
    member.acknowledge(2, Map.of(P0, 20L), nowMs);

    effects = member.close("closed its socket", false, nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(20);
    assertThat(effects.indexOf(only(Commit.class))).isLessThan(effects.indexOf(only(Leave.class)));
  }

  @Test
  void leavesAlsoWhenItHadNotJoinedYetAsItClosed() {
    member = member("tab-7");
    effects = member.start(nowMs);
    int call = only(Join.class).call();
    effects = member.close("closed its socket", true, nowMs);
    assertThat(has(Leave.class)).isFalse();

    effects = member.joined(call, generation(1, RANGE), nowMs);

    assertThat(only(Leave.class).request().members().get(0).memberId()).isEqualTo("me");
  }
}
