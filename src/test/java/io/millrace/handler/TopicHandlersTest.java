package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Caller;
import io.millrace.quota.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CreateTopics, DeleteTopics and CreatePartitions in front of the controller. */
class TopicHandlersTest {
  private final HandlerFixture fixture = new HandlerFixture();

  private CreateTopicsResponseData create(int version, String... names) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    for (String name : names) {
      request
          .topics()
          .add(
              new CreatableTopic()
                  .setName(name)
                  .setNumPartitions(2)
                  .setReplicationFactor((short) 1));
    }
    return fixture.call(
        new CreateTopicsHandler(fixture.world.cluster, fixture, Quotas.UNLIMITED),
        request,
        CreateTopicsResponseData.class,
        version);
  }

  private DeleteTopicsResponseData delete(
      HandlerFixture on, int version, DeleteTopicsRequestData request) {
    return on.call(
        new DeleteTopicsHandler(on.world.cluster, on, Quotas.UNLIMITED),
        request,
        DeleteTopicsResponseData.class,
        version);
  }

  private static DeleteTopicsRequestData named(String... names) {
    return new DeleteTopicsRequestData().setTopicNames(List.of(names));
  }

  private static DeleteTopicsRequestData withId(Uuid id) {
    return new DeleteTopicsRequestData()
        .setTopics(List.of(new DeleteTopicState().setName(null).setTopicId(id)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void createsInEveryVersion(int version) {
    CreatableTopicResult result = create(version, "orders").topics().find("orders");

    assertThat(result.errorCode()).isZero();
    assertThat(result.errorMessage()).isNull();
    assertThat(result.configs().isEmpty()).isEqualTo(version < 5);
    assertThat(result.topicId().equals(Uuid.ZERO_UUID)).isEqualTo(version < 7);
    assertThat(fixture.world.cluster.image().topic("orders").partitions()).hasSize(2);
  }

  @Test
  void createsOnlyWhatTheCallerMayCreateAndNeverTheMetadataTopic() {
    fixture.forbid(AclOperation.CREATE, "kafka-cluster");
    fixture.forbid(AclOperation.CREATE, "mine");

    CreateTopicsResponseData answer = create(7, "mine", "yours", "__cluster_metadata");

    assertThat(answer.topics()).hasSize(3);
    assertThat(answer.topics().find("yours").errorCode()).isZero();
    assertThat(answer.topics().find("mine").errorCode())
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(answer.topics().find("__cluster_metadata").errorCode())
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(fixture.world.cluster.image().topics().keySet()).containsExactly("yours");
  }

  @Test
  void hidesConfigsFromThoseWhoMayNotSeeThem() {
    fixture.forbid(AclOperation.DESCRIBE_CONFIGS, "orders");

    CreatableTopicResult result = create(7, "orders").topics().find("orders");

    assertThat(result.errorCode()).isZero();
    assertThat(result.topicConfigErrorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(result.configs()).isEmpty();
    assertThat(result.numPartitions()).isEqualTo(-1);
  }

  @Test
  void countsPartitionsAgainstTheQuotaAndTellsTheThrottle() {
    List<Long> counted = new ArrayList<>();
    Quotas quotas =
        (Caller who, Quotas.Kind kind, long amount, long nowMs) -> {
          counted.add(amount);
          return 77;
        };
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request
        .topics()
        .add(new CreatableTopic().setName("a").setNumPartitions(5).setReplicationFactor((short) 1));
    request
        .topics()
        .add(
            new CreatableTopic().setName("b").setNumPartitions(-1).setReplicationFactor((short) 1));

    CreateTopicsResponseData answer =
        fixture.call(
            new CreateTopicsHandler(fixture.world.cluster, fixture, quotas),
            request,
            CreateTopicsResponseData.class);

    assertThat(counted).containsExactly(6L);
    assertThat(answer.throttleTimeMs()).isEqualTo(77);
  }

  @Test
  void answersEveryTopicWithTheErrorWhenTheLogFails() {
    fixture.world.log.failWith(new IllegalStateException("disk gone"));

    assertThat(create(7, "a", "b").topics())
        .hasSize(2)
        .allSatisfy(
            topic ->
                assertThat(Errors.forCode(topic.errorCode()))
                    .isEqualTo(Errors.KAFKA_STORAGE_ERROR));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void deletesByNameInOlderVersions(int version) {
    fixture.world.create("orders", 1, Map.of());

    DeleteTopicsResponseData answer = delete(fixture, version, named("orders", "nowhere"));

    assertThat(answer.responses().find("orders").errorCode()).isZero();
    assertThat(answer.responses().find("nowhere").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(fixture.world.cluster.image().topics()).isEmpty();
  }

  @Test
  void deletesByIdAndTellsTheName() {
    fixture.world.create("orders", 1, Map.of());
    Uuid id = fixture.world.cluster.image().topic("orders").id();

    DeletableTopicResult result = delete(fixture, 6, withId(id)).responses().find("orders");

    assertThat(result.errorCode()).isZero();
    assertThat(result.topicId()).isEqualTo(id);
    assertThat(delete(fixture, 6, withId(id)).responses())
        .singleElement()
        .satisfies(
            again -> assertThat(again.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code()));
  }

  @Test
  void hidesTheNameOfATopicThatTheCallerMayNotSee() {
    fixture.world.create("secret", 1, Map.of());
    Uuid id = fixture.world.cluster.image().topic("secret").id();
    fixture.forbid(AclOperation.DELETE, "secret");
    fixture.forbid(AclOperation.DESCRIBE, "secret");

    DeletableTopicResult result = delete(fixture, 6, withId(id)).responses().find((String) null);

    assertThat(result.errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(result.topicId()).isEqualTo(id);
    assertThat(fixture.world.cluster.image().topic("secret")).isNotNull();
  }

  @Test
  void deletesNothingWhenDeletionIsDisabled() {
    HandlerFixture off = new HandlerFixture(Map.of("delete.topic.enable", "false"));
    off.world.create("orders", 1, Map.of());

    assertThat(delete(off, 3, named("orders")).responses().find("orders").errorCode())
        .isEqualTo(Errors.TOPIC_DELETION_DISABLED.code());
    assertThat(delete(off, 2, named("orders")).responses().find("orders").errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(off.world.cluster.image().topic("orders")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void growsTopicsInEveryVersion(int version) {
    fixture.world.create("orders", 1, Map.of());
    fixture.world.create("fixed", 1, Map.of());
    fixture.forbid(AclOperation.ALTER, "fixed");
    CreatePartitionsRequestData request = new CreatePartitionsRequestData();
    for (String name : List.of("orders", "fixed")) {
      request
          .topics()
          .add(new CreatePartitionsTopic().setName(name).setCount(4).setAssignments(null));
    }

    CreatePartitionsResponseData answer =
        fixture.call(
            new CreatePartitionsHandler(fixture.world.cluster, fixture, Quotas.UNLIMITED),
            request,
            CreatePartitionsResponseData.class,
            version);

    assertThat(answer.results())
        .anySatisfy(
            result -> {
              assertThat(result.name()).isEqualTo("orders");
              assertThat(result.errorCode()).isZero();
            })
        .anySatisfy(
            result -> {
              assertThat(result.name()).isEqualTo("fixed");
              assertThat(result.errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
            });
    assertThat(fixture.world.cluster.image().topic("orders").partitions()).hasSize(4);
    assertThat(fixture.world.cluster.image().topic("fixed").partitions()).hasSize(1);
  }
}
