package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DescribeCluster and DescribeTopicPartitions. */
class ClusterHandlersTest {
  private final HandlerFixture fixture = new HandlerFixture();

  private DescribeClusterResponseData describeCluster(
      int version, DescribeClusterRequestData request) {
    return fixture.call(
        new DescribeClusterHandler(fixture.world.cluster, fixture),
        request,
        DescribeClusterResponseData.class,
        version);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void describesTheClusterInEveryVersion(int version) {
    DescribeClusterResponseData answer = describeCluster(version, new DescribeClusterRequestData());

    assertThat(answer.clusterId()).isEqualTo(fixture.world.cluster.image().clusterId());
    assertThat(answer.controllerId()).isZero();
    assertThat(answer.brokers().find(0).host()).isEqualTo("10.1.2.3");
    assertThat(answer.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void refusesToSpeakForControllers() {
    DescribeClusterRequestData controllers =
        new DescribeClusterRequestData().setEndpointType((byte) 2);
    DescribeClusterRequestData nonsense =
        new DescribeClusterRequestData().setEndpointType((byte) 9);

    assertThat(describeCluster(1, controllers).errorCode())
        .isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
    assertThat(describeCluster(1, nonsense).errorCode())
        .isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
  }

  @Test
  void tellsAuthorizedOperationsOfTheClusterToThoseWhoMayDescribeIt() {
    DescribeClusterRequestData request =
        new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true);

    assertThat(describeCluster(0, request).clusterAuthorizedOperations()).isPositive();
    fixture.forbid(AclOperation.DESCRIBE, "kafka-cluster");
    assertThat(describeCluster(0, request).clusterAuthorizedOperations()).isZero();
  }

  private DescribeTopicPartitionsResponseData describeTopics(
      int limit, @Nullable Cursor cursor, String... names) {
    DescribeTopicPartitionsRequestData request =
        new DescribeTopicPartitionsRequestData()
            .setResponsePartitionLimit(limit)
            .setCursor(cursor)
            .setTopics(List.of(names).stream().map(n -> new TopicRequest().setName(n)).toList());
    return fixture.call(
        new DescribeTopicPartitionsHandler(fixture.world.cluster, fixture),
        request,
        DescribeTopicPartitionsResponseData.class);
  }

  @Test
  void leadsThroughAllTopicsPageByPage() {
    fixture.world.create("b", 3, Map.of());
    fixture.world.create("a", 2, Map.of());
    fixture.world.create("c", 1, Map.of());
    List<String> seen = new ArrayList<>();
    Cursor cursor = null;
    int pages = 0;

    do {
      DescribeTopicPartitionsResponseData page = describeTopics(2, cursor);
      pages++;
      for (DescribeTopicPartitionsResponseTopic topic : page.topics()) {
        for (DescribeTopicPartitionsResponsePartition partition : topic.partitions()) {
          seen.add(topic.name() + partition.partitionIndex());
        }
      }
      cursor =
          page.nextCursor() == null
              ? null
              : new Cursor()
                  .setTopicName(page.nextCursor().topicName())
                  .setPartitionIndex(page.nextCursor().partitionIndex());
    } while (cursor != null);

    assertThat(seen).containsExactly("a0", "a1", "b0", "b1", "b2", "c0");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void goesOnBehindATopicThatWasDeletedSinceTheLastPage() {
    fixture.world.create("a", 1, Map.of());
    fixture.world.create("c", 1, Map.of());

    DescribeTopicPartitionsResponseData page =
        describeTopics(10, new Cursor().setTopicName("b").setPartitionIndex(5));

    assertThat(page.topics()).hasSize(1);
    assertThat(page.topics().find("c").partitions()).hasSize(1);
  }

  @Test
  void keepsToTheBrokersLimitAndGivesAtLeastOnePartition() {
    fixture.world.create("wide", 2001, Map.of());

    DescribeTopicPartitionsResponseData most = describeTopics(Integer.MAX_VALUE, null, "wide");
    DescribeTopicPartitionsResponseData least = describeTopics(-5, null, "wide");

    assertThat(most.topics().find("wide").partitions()).hasSize(2000);
    assertThat(most.nextCursor().partitionIndex()).isEqualTo(2000);
    assertThat(least.topics().find("wide").partitions()).hasSize(1);
  }

  @Test
  void answersTopicsThatAreUnknownIllegalOrForbiddenWithTheirError() {
    fixture.world.create("secret", 1, Map.of());
    fixture.forbid(AclOperation.DESCRIBE, "secret");

    DescribeTopicPartitionsResponseData answer =
        describeTopics(10, null, "x", "a b", "secret", "x");

    assertThat(answer.topics()).hasSize(3);
    assertThat(answer.topics().find("x").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(answer.topics().find("a b").errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(answer.topics().find("secret").errorCode())
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(describeTopics(10, null).topics()).isEmpty();
  }

  @Test
  void refusesACursorBeforeTheFirstPartition() {
    fixture.world.create("a", 1, Map.of());

    assertThat(
            describeTopics(10, new Cursor().setTopicName("a").setPartitionIndex(-1), "a")
                .topics()
                .find("a")
                .errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }
}
