package io.millrace.cluster.controller;

import static io.millrace.cluster.controller.Images.assign;
import static io.millrace.cluster.controller.Images.assigned;
import static io.millrace.cluster.controller.Images.creation;
import static io.millrace.cluster.controller.Images.topic;
import static io.millrace.cluster.controller.Images.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.BrokerFenced;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicCreationTest {
  private final Controller controller = Images.controller(Map.of("num.partitions", "4"));
  private final ClusterImage one = Images.of(1);
  private final ClusterImage three = Images.of(3);

  private CreatableTopicResult result(ClusterImage image, CreatableTopic wish) {
    return controller.createTopics(image, creation(wish)).reply().topics().find(wish.name());
  }

  private static void assertRefused(CreatableTopicResult result, Errors error, String message) {
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    assertThat(result.errorMessage()).contains(message);
  }

  @Test
  void createsPartitionsLedByTheirFirstReplica() {
    Decision<CreateTopicsResponseData> decision =
        controller.createTopics(three, creation(topic("orders", 6, 2)));

    TopicImage created = Images.after(three, decision.facts()).topic("orders");
    assertThat(created.partitions())
        .hasSize(6)
        .allSatisfy(
            partition -> {
              assertThat(partition.replicas()).hasSize(2).doesNotHaveDuplicates();
              assertThat(partition.isr()).isEqualTo(partition.replicas());
              assertThat(partition.leader()).isEqualTo(partition.replicas().get(0));
              assertThat(partition.leaderEpoch()).isZero();
            });
    assertThat(created.partitions())
        .extracting(PartitionImage::leader)
        .containsExactlyInAnyOrder(0, 0, 1, 1, 2, 2);
  }

  @Test
  void usesTheBrokersDefaultsWhereTheRequestLeavesThemOpen() {
    CreatableTopicResult result = result(one, topic("orders", -1, -1));

    assertThat(result.numPartitions()).isEqualTo(4);
    assertThat(result.replicationFactor()).isEqualTo((short) 1);
  }

  @Test
  void tellsAllConfigsInForceWithTheirSource() {
    CreatableTopicResult result = result(one, with(topic("orders", 1, 1), "retention.ms", "1234"));

    assertThat(result.configs())
        .anySatisfy(
            config -> {
              assertThat(config.name()).isEqualTo("retention.ms");
              assertThat(config.value()).isEqualTo("1234");
              assertThat(config.configSource()).isEqualTo((byte) 1);
            })
        .anySatisfy(
            config -> {
              assertThat(config.name()).isEqualTo("segment.bytes");
              assertThat(config.value()).isEqualTo("1073741824");
              assertThat(config.configSource()).isEqualTo((byte) 5);
            });
  }

  @Test
  void takesTheLastValueOfAConfigThatIsNamedTwice() {
    CreatableTopic orders = with(topic("orders", 1, 1), "retention.ms", "not a number");

    CreatableTopicResult result = result(one, with(orders, "retention.ms", "1234"));

    assertThat(result.errorCode()).isZero();
    assertThat(result.configs())
        .filteredOn(config -> config.name().equals("retention.ms"))
        .extracting(CreatableTopicConfigs::value)
        .containsExactly("1234");
  }

  @Test
  void onlyJudgesWhenAskedToValidate() {
    CreateTopicsRequestData request = creation(topic("good", 2, 1), topic("bad", 1, 9));
    request.setValidateOnly(true);

    Decision<CreateTopicsResponseData> decision = controller.createTopics(one, request);

    assertThat(decision.facts()).isEmpty();
    CreatableTopicResult good = decision.reply().topics().find("good");
    assertThat(good.errorCode()).isZero();
    assertThat(good.numPartitions()).isEqualTo(2);
    assertThat(good.topicId()).isEqualTo(Uuid.ZERO_UUID);
    assertThat(decision.reply().topics().find("bad").errorCode())
        .isEqualTo(Errors.INVALID_REPLICATION_FACTOR.code());
  }

  @Test
  void refusesConfigsThatAreNotThere() {
    assertRefused(
        result(one, with(topic("orders", 1, 1), "remote.storage.enable", "true")),
        Errors.INVALID_CONFIG,
        "records are kept on the brokers' disks only");
  }

  @Test
  void refusesConfigsThatContradictEachOther() {
    CreatableTopic orders = with(topic("orders", 1, 1), "min.compaction.lag.ms", "10");

    assertRefused(
        result(one, with(orders, "max.compaction.lag.ms", "5")),
        Errors.INVALID_CONFIG,
        "min.compaction.lag.ms (10) > max.compaction.lag.ms (5)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "käse", "a/b"})
  void refusesIllegalNames(String name) {
    assertRefused(result(one, topic(name, 1, 1)), Errors.INVALID_TOPIC_EXCEPTION, "Topic name");
  }

  @Test
  void takesNamesOf249CharactersAndRefuses250() {
    assertThat(result(one, topic("n".repeat(249), 1, 1)).errorCode()).isZero();
    assertRefused(result(one, topic("n".repeat(250), 1, 1)), Errors.INVALID_TOPIC_EXCEPTION, "249");
  }

  @Test
  void refusesATopicThatExists() {
    ClusterImage image = Images.withTopics(one, "orders");

    assertRefused(
        result(image, topic("orders", 1, 1)),
        Errors.TOPIC_ALREADY_EXISTS,
        "Topic 'orders' already exists.");
  }

  @Test
  void refusesNamesThatDifferOnlyByDotAndUnderscore() {
    ClusterImage image = Images.withTopics(one, "a.b_c", "plain");

    assertRefused(
        result(image, topic("a_b.c", 1, 1)),
        Errors.INVALID_TOPIC_EXCEPTION,
        "Topic 'a_b.c' collides with existing topic: a.b_c");
    assertThat(result(image, topic("a-b_c", 1, 1)).errorCode()).isZero();
  }

  @Test
  void refusesCollisionsWithinOneRequest() {
    CreateTopicsResponseData reply =
        controller.createTopics(one, creation(topic("a.b", 1, 1), topic("a_b", 1, 1))).reply();

    assertThat(reply.topics().find("a.b").errorCode()).isZero();
    assertRefused(
        reply.topics().find("a_b"), Errors.INVALID_TOPIC_EXCEPTION, "collides with existing");
  }

  @Test
  void answersANameThatIsTwiceInTheRequestOnceWithAnError() {
    Decision<CreateTopicsResponseData> decision =
        controller.createTopics(
            one, creation(topic("twice", 1, 1), topic("twice", 2, 1), topic("once", 1, 1)));

    assertThat(decision.reply().topics()).hasSize(2);
    assertRefused(
        decision.reply().topics().find("twice"), Errors.INVALID_REQUEST, "Duplicate topic name.");
    assertThat(decision.reply().topics().find("once").errorCode()).isZero();
    assertThat(decision.facts()).hasSize(1);
  }

  @Test
  void refusesMoreReplicasThanBrokersAsKraftDoes() {
    assertRefused(
        result(one, topic("orders", 1, 3)),
        Errors.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be"
            + " reached because only 1 broker(s) are registered. Brokers whose files have the same"
            + " zookeeper.connect, or the same cluster.join, form a cluster (docs/cluster.md).");
  }

  @Test
  void placesReplicasOnABrokerThatIsAwayWhereTheOthersAreTooFew() {
    ClusterImage image = three.apply(new BrokerFenced(2, three.broker(2).epoch()));

    Decision<CreateTopicsResponseData> decision =
        controller.createTopics(image, creation(topic("orders", 6, 3), topic("pairs", 6, 2)));

    ClusterImage after = Images.after(image, decision.facts());
    assertThat(after.topic("orders").partitions())
        .hasSize(6)
        .allSatisfy(
            partition -> {
              assertThat(partition.replicas()).hasSize(3).endsWith(2);
              assertThat(partition.isr()).isEqualTo(partition.replicas().subList(0, 2));
              assertThat(partition.leader()).isEqualTo(partition.replicas().get(0));
            });
    assertThat(after.topic("orders").partitions())
        .extracting(PartitionImage::leader)
        .containsOnly(0, 1);
    assertThat(after.topic("pairs").partitions())
        .allSatisfy(partition -> assertThat(partition.replicas()).containsExactlyInAnyOrder(0, 1));
  }

  @Test
  void leadsFromTheOnlyBrokerThatLives() {
    ClusterImage image =
        three
            .apply(new BrokerFenced(1, three.broker(1).epoch()))
            .apply(new BrokerFenced(2, three.broker(2).epoch()));

    ClusterImage after =
        Images.after(
            image, controller.createTopics(image, creation(topic("orders", 4, 2))).facts());

    assertThat(after.topic("orders").partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.replicas()).hasSize(2).startsWith(0);
              assertThat(partition.isr()).containsExactly(0);
              assertThat(partition.leader()).isZero();
            });
    assertThat(after.topic("orders").partitions())
        .extracting(partition -> partition.replicas().get(1))
        .contains(1, 2);
  }

  @Test
  void refusesWhenNoBrokerLives() {
    ClusterImage image = one.apply(new BrokerFenced(0, one.broker(0).epoch()));

    assertRefused(
        result(image, topic("orders", 1, 1)),
        Errors.INVALID_REPLICATION_FACTOR,
        "All brokers are currently fenced or in controlled shutdown.");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -2, Integer.MIN_VALUE})
  void refusesNoPartitionsAndNegativeNumbers(int partitions) {
    assertRefused(
        result(one, topic("orders", partitions, 1)),
        Errors.INVALID_PARTITIONS,
        "Number of partitions was set to an invalid non-positive value.");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -2})
  void refusesNoReplicas(int replicationFactor) {
    assertRefused(
        result(one, topic("orders", 1, replicationFactor)),
        Errors.INVALID_REPLICATION_FACTOR,
        "Replication factor must be larger than 0, or -1 to use the default value.");
  }

  @Test
  void refusesMoreThanTenThousandPartitionsInOneRequest() {
    assertThat(result(one, topic("most", 10_000, 1)).errorCode()).isZero();
    assertRefused(
        result(one, topic("more", 10_001, 1)),
        Errors.POLICY_VIOLATION,
        "Excessively large number of partitions per request.");
    assertRefused(
        result(one, topic("absurd", Integer.MAX_VALUE, 1)), Errors.POLICY_VIOLATION, "large");
  }

  @Test
  void namesTheKeyOfAnInvalidConfig() {
    assertRefused(
        result(one, with(topic("orders", 1, 1), "segment.bytes", "many")),
        Errors.INVALID_CONFIG,
        "segment.bytes");
    assertRefused(
        result(one, with(topic("orders", 1, 1), "retention.ms", "-2")),
        Errors.INVALID_CONFIG,
        "retention.ms");
    assertRefused(
        result(one, with(topic("orders", 1, 1), "no.such.key", "1")),
        Errors.INVALID_CONFIG,
        "Unknown topic config name: no.such.key");
    assertRefused(
        result(one, with(topic("orders", 1, 1), "retention.ms", null)),
        Errors.INVALID_CONFIG,
        "Null value not supported for topic configs: retention.ms");
  }

  @Test
  void takesReplicasThatTheRequestNames() {
    CreatableTopic wish = assign(assigned("orders", 1, 0, 1), 0, 2, 0);

    Decision<CreateTopicsResponseData> decision = controller.createTopics(three, creation(wish));

    assertThat(Images.after(three, decision.facts()).topic("orders").partitions())
        .extracting(PartitionImage::replicas)
        .containsExactly(List.of(2, 0), List.of(0, 1));
  }

  @Test
  void leavesFencedBrokersOutOfTheFirstIsr() {
    ClusterImage image = three.apply(new BrokerFenced(2, three.broker(2).epoch()));

    Decision<CreateTopicsResponseData> decision =
        controller.createTopics(image, creation(assigned("orders", 0, 2, 0)));

    PartitionImage partition = Images.after(image, decision.facts()).partition("orders", 0);
    assertThat(partition.replicas()).containsExactly(2, 0);
    assertThat(partition.isr()).containsExactly(0);
    assertThat(partition.leader()).isZero();
  }

  @Test
  void refusesAssignmentsThatCannotBe() {
    Errors wrong = Errors.INVALID_REPLICA_ASSIGNMENT;
    assertRefused(result(three, assigned("t", 0)), wrong, "empty replica list");
    assertRefused(result(three, assigned("t", 0, 7)), wrong, "broker 7, but no such broker");
    assertRefused(result(three, assigned("t", 0, 1, 1)), wrong, "broker 1 more than once");
    assertRefused(result(three, assigned("t", 1, 0)), wrong, "consecutive 0-based");
    assertRefused(
        result(three, assign(assigned("t", 0, 0, 1), 1, 2)), wrong, "not consistent with previous");
    assertRefused(
        result(three, assign(assigned("t", 0, 0), 0, 1)), wrong, "multiple manual partition");
  }

  @Test
  void refusesAssignmentsTogetherWithNumbers() {
    assertRefused(
        result(three, assigned("t", 0, 1).setNumPartitions(1)),
        Errors.INVALID_REQUEST,
        "numPartitions was not set to -1");
    assertRefused(
        result(three, assigned("t", 0, 1).setReplicationFactor((short) 1)),
        Errors.INVALID_REQUEST,
        "replication factor was not set to -1");
  }
}
