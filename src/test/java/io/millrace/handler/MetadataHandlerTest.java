package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHandlerTest {
  private final HandlerFixture fixture = new HandlerFixture();

  private MetadataResponseData ask(MetadataRequestData request, int version) {
    return ask(fixture, request, version);
  }

  private static MetadataResponseData ask(
      HandlerFixture fixture, MetadataRequestData request, int version) {
    MetadataHandler handler = new MetadataHandler(fixture.world.cluster, fixture);
    return fixture.call(handler, request, MetadataResponseData.class, version);
  }

  private static MetadataRequestData named(String... names) {
    return new MetadataRequestData()
        .setTopics(
            List.of(names).stream().map(name -> new MetadataRequestTopic().setName(name)).toList());
  }

  private static MetadataRequestData withId(Uuid id) {
    return new MetadataRequestData()
        .setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(id)));
  }

  private static MetadataRequestData topics(@Nullable List<MetadataRequestTopic> topics) {
    return new MetadataRequestData().setTopics(topics);
  }

  private static MetadataRequestData withoutCreation(String... names) {
    return named(names).setAllowAutoTopicCreation(false);
  }

  private static Errors error(MetadataResponseTopic topic) {
    return Errors.forCode(topic.errorCode());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void describesATopicInEveryVersion(int version) {
    fixture.world.create("orders", 2, Map.of());

    MetadataResponseData answer = ask(named("orders"), version);

    MetadataResponseBroker broker = answer.brokers().find(0);
    assertThat(broker.host()).isEqualTo("10.1.2.3");
    assertThat(broker.port()).isEqualTo(9292);
    MetadataResponseTopic topic = answer.topics().find("orders");
    assertThat(error(topic)).isEqualTo(Errors.NONE);
    assertThat(topic.partitions())
        .hasSize(2)
        .allSatisfy(
            partition -> {
              assertThat(partition.leaderId()).isZero();
              assertThat(partition.replicaNodes()).containsExactly(0);
              assertThat(partition.isrNodes()).containsExactly(0);
              assertThat(partition.leaderEpoch()).isEqualTo(version < 7 ? -1 : 0);
            });
    assertThat(topic.topicId().equals(Uuid.ZERO_UUID)).isEqualTo(version < 10);
    assertThat(answer.controllerId()).isEqualTo(version < 1 ? -1 : 0);
    assertThat(answer.clusterId() == null).isEqualTo(version < 2);
  }

  @Test
  void takesAnEmptyListForAllTopicsInVersion0Only() {
    fixture.world.create("orders", 1, Map.of());

    assertThat(ask(topics(List.of()), 0).topics()).hasSize(1);
    assertThat(ask(topics(List.of()), 1).topics()).isEmpty();
    assertThat(ask(topics(null), 1).topics()).hasSize(1);
    assertThat(ask(topics(null), 13).topics()).hasSize(1);
  }

  @Test
  void answersATopicThatIsNamedOftenOnce() {
    fixture.world.create("orders", 1, Map.of());

    assertThat(ask(named("orders", "orders", "new", "new"), 13).topics()).hasSize(2);
  }

  @Test
  void createsAnUnknownTopicAndNamesItsLeaderAtOnce() {
    MetadataResponseTopic topic = ask(named("new"), 13).topics().find("new");

    assertThat(error(topic)).isEqualTo(Errors.NONE);
    assertThat(topic.partitions()).hasSize(1);
    assertThat(topic.partitions().get(0).leaderId()).isZero();
    assertThat(fixture.world.cluster.image().topic("new")).isNotNull();
  }

  @Test
  void createsTheTopicOfCommittedOffsetsWithItsOwnConfiguration() {
    MetadataResponseTopic topic =
        ask(named("__consumer_offsets"), 13).topics().find("__consumer_offsets");

    assertThat(topic.partitions()).hasSize(50);
    assertThat(topic.isInternal()).isTrue();
    assertThat(fixture.world.cluster.effectiveLogConfig("__consumer_offsets").cleanup().compact())
        .isTrue();
  }

  @Test
  void createsNoInternalTopicOfACoordinatorThatItDoesNotHave() {
    assertThat(error(ask(named("__transaction_state"), 13).topics().find("__transaction_state")))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void createsNothingWhenClientOrConfigurationForbidIt() {
    HandlerFixture off = new HandlerFixture(Map.of("auto.create.topics.enable", "false"));

    assertThat(error(ask(withoutCreation("new"), 4).topics().find("new")))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(error(ask(off, named("new"), 13).topics().find("new")))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(fixture.world.cluster.image().topics()).isEmpty();
    assertThat(off.world.cluster.image().topics()).isEmpty();
  }

  @Test
  void refusesIllegalNamesWhetherItMayCreateOrNot() {
    assertThat(error(ask(named("a b"), 13).topics().find("a b")))
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    assertThat(error(ask(withoutCreation(".."), 13).topics().find("..")))
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void findsTopicsByIdFromVersion12On() {
    fixture.world.create("orders", 1, Map.of());
    Uuid id = fixture.world.cluster.image().topic("orders").id();

    assertThat(error(ask(withId(id), 12).topics().find("orders"))).isEqualTo(Errors.NONE);
    MetadataResponseTopic unknown = ask(withId(new Uuid(1, 1)), 13).topics().find((String) null);
    assertThat(error(unknown)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(unknown.topicId()).isEqualTo(new Uuid(1, 1));
    assertThat(ask(withId(id), 10).topics())
        .singleElement()
        .satisfies(topic -> assertThat(error(topic)).isEqualTo(Errors.INVALID_REQUEST));
  }

  @Test
  void takesATopicsIdBeforeItsName() {
    fixture.world.create("orders", 1, Map.of());
    fixture.world.create("bills", 1, Map.of());
    MetadataRequestData request = withId(fixture.world.cluster.image().topic("orders").id());

    request.topics().get(0).setName("bills");
    assertThat(ask(request, 12).topics())
        .extracting(MetadataResponseTopic::name)
        .containsExactly("orders");

    request.setAllowAutoTopicCreation(true).topics().get(0).setTopicId(new Uuid(1, 1));
    request.topics().get(0).setName("new");
    assertThat(error(ask(request, 12).topics().find((String) null)))
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(fixture.world.cluster.image().topic("new")).isNull();
  }

  @Test
  void showsNoTopicThatTheCallerMayNotDescribe() {
    fixture.world.create("open", 1, Map.of());
    fixture.world.create("secret", 1, Map.of());
    Uuid id = fixture.world.cluster.image().topic("secret").id();
    fixture.forbid(AclOperation.DESCRIBE, "secret");
    fixture.forbid(AclOperation.DESCRIBE, "unborn");

    assertThat(ask(topics(null), 13).topics()).hasSize(1);
    MetadataResponseTopic secret = ask(named("secret"), 13).topics().find("secret");
    assertThat(error(secret)).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    assertThat(secret.topicId()).isEqualTo(Uuid.ZERO_UUID);
    assertThat(error(ask(withId(id), 13).topics().find((String) null)))
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(error(ask(named("unborn"), 13).topics().find("unborn")))
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    assertThat(fixture.world.cluster.image().topic("unborn")).isNull();
  }

  @Test
  void createsOnlyWhatTheCallerMayCreate() {
    fixture.forbid(AclOperation.CREATE, "kafka-cluster");
    fixture.forbid(AclOperation.CREATE, "mine");

    assertThat(error(ask(named("mine"), 13).topics().find("mine")))
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    assertThat(error(ask(named("yours"), 13).topics().find("yours"))).isEqualTo(Errors.NONE);
  }

  @Test
  void tellsAuthorizedOperationsToThoseWhoAsk() {
    fixture.world.create("orders", 1, Map.of());
    fixture.forbid(AclOperation.DELETE, "orders");
    MetadataRequestData request = named("orders").setIncludeTopicAuthorizedOperations(true);

    int topic = ask(request, 13).topics().find("orders").topicAuthorizedOperations();
    int cluster =
        ask(request.setIncludeClusterAuthorizedOperations(true), 10).clusterAuthorizedOperations();

    assertThat(topic >> AclOperation.READ.code() & 1).isEqualTo(1);
    assertThat(topic >> AclOperation.DELETE.code() & 1).isZero();
    assertThat(cluster >> AclOperation.CREATE.code() & 1).isEqualTo(1);
    assertThat(ask(named("orders"), 13).topics().find("orders").topicAuthorizedOperations())
        .isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void tellsAuthorizedOperationsOfATopicThatIsNotThere() {
    fixture.forbid(AclOperation.CREATE, "nowhere");
    MetadataRequestData request =
        withoutCreation("nowhere").setIncludeTopicAuthorizedOperations(true);

    int operations = ask(request, 13).topics().find("nowhere").topicAuthorizedOperations();

    assertThat(operations >> AclOperation.DESCRIBE.code() & 1).isEqualTo(1);
    assertThat(operations >> AclOperation.CREATE.code() & 1).isZero();
  }

  @Test
  void answersThatNoLeaderIsThereWhenTheLogFailedDuringCreation() {
    fixture.world.log.failWith(new IllegalStateException("disk gone"));

    assertThat(error(ask(named("new"), 13).topics().find("new")))
        .isEqualTo(Errors.LEADER_NOT_AVAILABLE);
  }
}
