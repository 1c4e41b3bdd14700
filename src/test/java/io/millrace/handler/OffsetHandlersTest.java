package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.Requests;
import io.millrace.sim.Requests.Origin;
import io.millrace.sim.Requests.Sent;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OffsetHandlersTest extends BrokerFixture {

  private ListOffsetsPartitionResponse list(int version, long timestamp) {
    return list(version, Requests.listOffsets("t", 0, timestamp));
  }

  private ListOffsetsPartitionResponse list(int version, ListOffsetsRequestData request) {
    ListOffsetsResponseData answer =
        (ListOffsetsResponseData) call(ApiKeys.LIST_OFFSETS, version, request);
    return answer.topics().get(0).partitions().get(0);
  }

  private void produceAt(long... timestamps) {
    for (long timestamp : timestamps) {
      produce(
          Requests.produce(
              "t",
              0,
              -1,
              Requests.batch(
                  Origin.NONE, Compression.NONE, List.of(new Sent(null, "v", timestamp)))));
    }
  }

  @Test
  void findsTheEndsOfTheLog() {
    produceAt(TIMESTAMP, TIMESTAMP + 1);

    assertThat(list(11, -2).offset()).isZero();
    assertThat(list(11, -4).offset()).isZero();
    assertThat(list(11, -1).offset()).isEqualTo(2);
    assertThat(list(11, -1).timestamp()).isEqualTo(-1);
    assertThat(list(11, -1).leaderEpoch()).isZero();
  }

  @Test
  void findsTheFirstRecordOfATimeOrLater() {
    produceAt(TIMESTAMP, TIMESTAMP + 10, TIMESTAMP + 20);

    ListOffsetsPartitionResponse found = list(11, TIMESTAMP + 5);

    assertThat(found.offset()).isEqualTo(1);
    assertThat(found.timestamp()).isEqualTo(TIMESTAMP + 10);
  }

  @Test
  void findsNothingBehindTheLastRecord() {
    produceAt(TIMESTAMP);

    assertThat(list(11, TIMESTAMP + 1).offset()).isEqualTo(-1);
    assertThat(list(11, TIMESTAMP + 1).errorCode()).isZero();
  }

  @Test
  void findsTheLargestTimestamp() {
    produceAt(TIMESTAMP, TIMESTAMP + 20, TIMESTAMP + 10);

    assertThat(list(11, -3).offset()).isEqualTo(1);
    assertThat(list(11, -3).timestamp()).isEqualTo(TIMESTAMP + 20);
  }

  @Test
  void findsNothingInATierThatIsNot() {
    produceAt(TIMESTAMP);

    assertThat(list(11, -5).offset()).isEqualTo(-1);
    assertThat(list(11, -6).offset()).isEqualTo(-1);
    assertThat(list(11, -5).errorCode()).isZero();
  }

  @Test
  void refusesSpecialTimestampsBelowTheirVersions() {
    assertThat(list(6, -3).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(list(7, -4).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(list(8, -5).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(list(10, -6).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(list(11, -7).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
  }

  @Test
  void refusesAPartitionThatIsNamedTwice() {
    ListOffsetsRequestData twice = Requests.listOffsets("t", 0, -1);
    twice
        .topics()
        .get(0)
        .setPartitions(
            List.of(
                twice.topics().get(0).partitions().get(0),
                twice.topics().get(0).partitions().get(0)));

    assertThat(list(11, twice).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void refusesAPartitionWhoseTopicIsNamedTwice() {
    ListOffsetsRequestData twice = Requests.listOffsets("t", 0, -1);
    twice.setTopics(
        List.of(
            twice.topics().get(0),
            Requests.listOffsets("t", 0, -2).topics().get(0),
            Requests.listOffsets("t", 1, -1).topics().get(0)));

    ListOffsetsResponseData answer =
        (ListOffsetsResponseData) call(ApiKeys.LIST_OFFSETS, 11, twice);

    assertThat(answer.topics())
        .extracting(topic -> Errors.forCode(topic.partitions().get(0).errorCode()))
        .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST, Errors.NONE);
  }

  @Test
  void refusesAnIsolationLevelThatThereIsNot() {
    ListOffsetsRequestData request = Requests.listOffsets("t", 0, -1).setIsolationLevel((byte) 2);

    assertThat(list(2, request).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(list(11, request).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void fencesLookupsByLeaderEpoch() {
    ListOffsetsRequestData request = Requests.listOffsets("t", 0, -1);
    ListOffsetsPartition asked = request.topics().get(0).partitions().get(0);

    asked.setCurrentLeaderEpoch(9);
    assertThat(list(11, request).errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    asked.setCurrentLeaderEpoch(-2);
    assertThat(list(11, request).errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
    asked.setCurrentLeaderEpoch(-1);
    assertThat(list(11, request).errorCode()).isZero();
  }

  private EpochEndOffset epochEnd(int epoch) {
    OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
    OffsetForLeaderTopic topic = new OffsetForLeaderTopic().setTopic("t");
    topic.partitions().add(new OffsetForLeaderPartition().setPartition(0).setLeaderEpoch(epoch));
    request.topics().add(topic);
    OffsetForLeaderEpochResponseData answer =
        (OffsetForLeaderEpochResponseData) call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, request);
    return answer.topics().iterator().next().partitions().get(0);
  }

  @Test
  void tellsWhereALeaderEpochEnds() {
    produceAt(TIMESTAMP, TIMESTAMP);

    assertThat(epochEnd(0).endOffset()).isEqualTo(2);
    assertThat(epochEnd(0).leaderEpoch()).isZero();
    assertThat(epochEnd(5).endOffset()).isEqualTo(-1);
  }

  private DeleteRecordsPartitionResult delete(String name, long offset) {
    return delete(name, 0, offset);
  }

  private DeleteRecordsPartitionResult delete(String name, int partition, long offset) {
    DeleteRecordsTopic topic = new DeleteRecordsTopic().setName(name);
    topic
        .partitions()
        .add(new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(offset));
    DeleteRecordsRequestData request = new DeleteRecordsRequestData();
    request.topics().add(topic);
    DeleteRecordsResponseData answer =
        (DeleteRecordsResponseData) call(ApiKeys.DELETE_RECORDS, 2, request);
    return answer.topics().iterator().next().partitions().iterator().next();
  }

  @Test
  void deletesRecordsBelowAnOffset() {
    produceAt(TIMESTAMP, TIMESTAMP, TIMESTAMP);

    assertThat(delete("t", 2).lowWatermark()).isEqualTo(2);
    assertThat(list(11, -2).offset()).isEqualTo(2);
    assertThat(fetch(Requests.fetch("t", 0, 1, 1, 500, 100)).errorCode())
        .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
  }

  @Test
  void deletesUpToTheHighWatermark() {
    produceAt(TIMESTAMP, TIMESTAMP);

    assertThat(delete("t", -1).lowWatermark()).isEqualTo(2);
  }

  @Test
  void doesNotDeleteBehindTheHighWatermark() {
    produceAt(TIMESTAMP);

    assertThat(delete("t", 2).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    assertThat(delete("t", -2).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
  }

  @Test
  void doesNotDeleteFromACompactedTopic() {
    create("compacted", 1, "cleanup.policy", "compact");

    assertThat(delete("compacted", 0).errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
  }

  @Test
  void doesNotDeleteFromAnInternalTopic() {
    create("__consumer_offsets", 1);

    assertThat(delete("__consumer_offsets", 0, 0).errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(delete("__consumer_offsets", 99, 0).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void givesEachProducerItsOwnId() {
    InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(null);
    InitProducerIdResponseData first =
        (InitProducerIdResponseData) call(ApiKeys.INIT_PRODUCER_ID, 4, request);
    InitProducerIdResponseData second =
        (InitProducerIdResponseData) call(ApiKeys.INIT_PRODUCER_ID, 4, request);

    assertThat(first.errorCode()).isZero();
    assertThat(first.producerId()).isNotEqualTo(second.producerId());
    assertThat(first.producerEpoch()).isZero();
  }

  @Test
  void hasNoCoordinatorForTransactions() {
    InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId("tx");

    InitProducerIdResponseData answer =
        (InitProducerIdResponseData) call(ApiKeys.INIT_PRODUCER_ID, 4, request);

    assertThat(answer.errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    assertThat(answer.producerId()).isEqualTo(-1);
  }

  @Test
  void describesTheProducersOfAPartition() {
    produce(Requests.produce("t", 0, -1, batch(new Origin(5, (short) 1, 0), "a", "b")));
    DescribeProducersRequestData request = new DescribeProducersRequestData();
    request.topics().add(new TopicRequest().setName("t").setPartitionIndexes(List.of(0)));

    DescribeProducersResponseData answer =
        (DescribeProducersResponseData) call(ApiKeys.DESCRIBE_PRODUCERS, 0, request);

    assertThat(answer.topics().get(0).partitions().get(0).activeProducers())
        .singleElement()
        .satisfies(
            producer -> {
              assertThat(producer.producerId()).isEqualTo(5);
              assertThat(producer.producerEpoch()).isEqualTo(1);
              assertThat(producer.lastSequence()).isEqualTo(1);
            });
  }

  @Test
  void describesTheFolderAndTheSizesOfItsLogs() {
    produce("t", 1, "a");

    DescribeLogDirsResponseData answer =
        (DescribeLogDirsResponseData)
            call(ApiKeys.DESCRIBE_LOG_DIRS, 4, new DescribeLogDirsRequestData().setTopics(null));

    assertThat(answer.results())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.logDir()).isEqualTo(folder.toString());
              assertThat(result.usableBytes()).isPositive();
              assertThat(result.topics().get(0).partitions())
                  .anySatisfy(log -> assertThat(log.partitionSize()).isPositive());
            });
  }

  @Test
  void describesThePartitionsOfATopicThatIsNamedTwice() {
    DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
    topics.add(new DescribableLogDirTopic().setTopic("t").setPartitions(List.of(0, 0)));
    topics.mustAdd(new DescribableLogDirTopic().setTopic("t").setPartitions(List.of(1, 99)));

    DescribeLogDirsResponseData answer =
        (DescribeLogDirsResponseData)
            call(ApiKeys.DESCRIBE_LOG_DIRS, 4, new DescribeLogDirsRequestData().setTopics(topics));

    assertThat(answer.results().get(0).topics())
        .singleElement()
        .satisfies(
            topic ->
                assertThat(topic.partitions())
                    .extracting(DescribeLogDirsPartition::partitionIndex)
                    .containsExactlyInAnyOrder(0, 1));
  }
}
