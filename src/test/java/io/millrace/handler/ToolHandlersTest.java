package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.quota.Quotas;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only command line tools ask: elections, reassignments, the quorum, rules, transactions. */
class ToolHandlersTest {
  private static final byte PREFERRED = 0;
  private static final byte UNCLEAN = 1;

  private final HandlerFixture fixture = new HandlerFixture();

  @BeforeEach
  void createTopic() {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
    request
        .topics()
        .add(new CreatableTopic().setName("t").setNumPartitions(2).setReplicationFactor((short) 1));
    fixture.call(
        new CreateTopicsHandler(fixture.world.cluster, fixture, Quotas.UNLIMITED),
        request,
        CreateTopicsResponseData.class);
  }

  private ElectLeadersResponseData elect(
      int version, byte type, @Nullable TopicPartitionsCollection partitions) {
    return fixture.call(
        new ElectLeadersHandler(fixture.world.cluster, fixture),
        new ElectLeadersRequestData().setElectionType(type).setTopicPartitions(partitions),
        ElectLeadersResponseData.class,
        version);
  }

  private static TopicPartitionsCollection partitions(String topic, Integer... numbers) {
    TopicPartitionsCollection all = new TopicPartitionsCollection();
    all.add(new TopicPartitions().setTopic(topic).setPartitions(List.of(numbers)));
    return all;
  }

  private static List<Errors> errors(ElectLeadersResponseData answer) {
    return answer.replicaElectionResults().stream()
        .flatMap(topic -> topic.partitionResult().stream())
        .map(part -> Errors.forCode(part.errorCode()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void needsNoElectionWhereThePreferredReplicaLeads(int version) {
    ElectLeadersResponseData answer = elect(version, PREFERRED, partitions("t", 0, 1));

    assertThat(errors(answer)).containsOnly(Errors.ELECTION_NOT_NEEDED).hasSize(2);
  }

  @Test
  void needsNoUncleanElectionWhereThereIsALeader() {
    assertThat(errors(elect(2, UNCLEAN, partitions("t", 0))))
        .containsExactly(Errors.ELECTION_NOT_NEEDED);
  }

  @Test
  void knowsNoElectionOfAPartitionThatIsNotThere() {
    assertThat(errors(elect(2, PREFERRED, partitions("t", 7))))
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @ParameterizedTest
  @ValueSource(bytes = {-1, 2, 127})
  void refusesElectionsOfAKindThatThereIsNot(byte type) {
    ElectLeadersResponseData answer = elect(2, type, partitions("t", 0));

    assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(answer.replicaElectionResults()).isEmpty();
  }

  @Test
  void leavesOutPartitionsThatNeedNoElectionWhenAskedForAll() {
    ElectLeadersResponseData answer = elect(2, PREFERRED, null);

    assertThat(answer.errorCode()).isZero();
    assertThat(answer.replicaElectionResults()).isEmpty();
  }

  @Test
  void electsOnlyForThoseWhoMayAlterTheCluster() {
    fixture.forbid(AclOperation.ALTER, "kafka-cluster");

    assertThat(elect(2, PREFERRED, null).errorCode())
        .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
    assertThat(errors(elect(0, PREFERRED, partitions("t", 0))))
        .containsExactly(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }

  private ListPartitionReassignmentsResponseData reassignments() {
    return fixture.call(
        new ListPartitionReassignmentsHandler(fixture.world.cluster, fixture),
        new ListPartitionReassignmentsRequestData(),
        ListPartitionReassignmentsResponseData.class);
  }

  @Test
  void listsNoReassignments() {
    assertThat(reassignments().errorCode()).isZero();
    assertThat(reassignments().topics()).isEmpty();
  }

  @Test
  void listsReassignmentsOnlyForThoseWhoMayDescribeTheCluster() {
    fixture.forbid(AclOperation.DESCRIBE, "kafka-cluster");

    assertThat(reassignments().errorCode()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
  }

  private DescribeQuorumResponseData quorum(int version, String topic) {
    DescribeQuorumRequestData.TopicData asked =
        new DescribeQuorumRequestData.TopicData()
            .setTopicName(topic)
            .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData()));
    return fixture.call(
        new DescribeQuorumHandler(fixture.world.cluster, fixture),
        new DescribeQuorumRequestData().setTopics(List.of(asked)),
        DescribeQuorumResponseData.class,
        version);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void describesTheControllerAsTheOnlyVoter(int version) {
    DescribeQuorumResponseData.PartitionData partition =
        quorum(version, "__cluster_metadata").topics().get(0).partitions().get(0);

    long entries = fixture.world.cluster.image().index();
    assertThat(partition.errorCode()).isZero();
    assertThat(partition.leaderId()).isZero();
    assertThat(partition.highWatermark()).isEqualTo(entries).isPositive();
    assertThat(partition.currentVoters())
        .singleElement()
        .satisfies(voter -> assertThat(voter.replicaId()).isZero())
        .satisfies(voter -> assertThat(voter.logEndOffset()).isEqualTo(entries));
    assertThat(partition.observers()).isEmpty();
  }

  @Test
  void knowsNoQuorumOfAnotherTopic() {
    assertThat(quorum(2, "t").topics().get(0).partitions().get(0).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void describesTheQuorumOnlyToThoseWhoMayDescribeTheCluster() {
    fixture.forbid(AclOperation.DESCRIBE, "kafka-cluster");

    assertThat(quorum(2, "__cluster_metadata").errorCode())
        .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
  }

  @Test
  void saysThatThereIsNoAuthorizer() {
    DescribeAclsRequestData request =
        new DescribeAclsRequestData()
            .setResourceTypeFilter((byte) 1)
            .setPatternTypeFilter((byte) 1)
            .setOperation((byte) 1)
            .setPermissionType((byte) 1);

    DescribeAclsResponseData answer =
        fixture.call(new DescribeAclsHandler(), request, DescribeAclsResponseData.class);

    assertThat(answer.errorCode()).isEqualTo(Errors.SECURITY_DISABLED.code());
    assertThat(answer.errorMessage()).isEqualTo("No Authorizer is configured.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "GSSAPI", ""})
  void saysThatNobodyLogsInHere(String mechanism) {
    SaslHandshakeResponseData answer =
        fixture.call(
            new SaslHandshakeHandler(),
            new SaslHandshakeRequestData().setMechanism(mechanism),
            SaslHandshakeResponseData.class);

    assertThat(answer.errorCode()).isEqualTo(Errors.ILLEGAL_SASL_STATE.code());
    assertThat(answer.mechanisms()).isEmpty();
  }

  @Test
  void listsNoTransactionsAndNamesStatesThatThereAreNot() {
    ListTransactionsRequestData request =
        new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "ongoing", "Asleep"));

    ListTransactionsResponseData answer =
        fixture.call(new ListTransactionsHandler(), request, ListTransactionsResponseData.class);

    assertThat(answer.transactionStates()).isEmpty();
    assertThat(answer.unknownStateFilters()).containsExactly("ongoing", "Asleep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "*"})
  void refusesAPatternOfTransactionalIdsThatIsNone(String pattern) {
    ListTransactionsResponseData answer =
        fixture.call(
            new ListTransactionsHandler(),
            new ListTransactionsRequestData().setTransactionalIdPattern(pattern),
            ListTransactionsResponseData.class);

    assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
  }
}
