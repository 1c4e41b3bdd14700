package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** A broker whose logs are being opened tells those who ask to look again. */
class StartingHandlerTest {
  private static final short LOOK_AGAIN = Errors.NOT_LEADER_OR_FOLLOWER.code();

  private final HandlerFixture fixture = new HandlerFixture();

  private <A extends ApiMessage> A answer(
      ApiKeys api, ApiMessage request, Class<A> answer, int version) {
    return fixture.call(new StartingHandler(api), request, answer, version);
  }

  @Test
  void aFollowerFetchesAgainLater() {
    FetchRequestData request =
        new FetchRequestData()
            .setReplicaState(new FetchRequestData.ReplicaState().setReplicaId(2).setReplicaEpoch(7))
            .setTopics(
                List.of(
                    new FetchTopic()
                        .setTopicId(new Uuid(1, 1))
                        .setPartitions(List.of(new FetchPartition().setPartition(0)))));

    FetchResponseData answer = answer(ApiKeys.FETCH, request, FetchResponseData.class, 17);

    assertThat(answer.errorCode()).isEqualTo(LOOK_AGAIN);
  }

  @Test
  void offsetsOfEachPartitionAreAskedForAgain() {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setTopics(
                List.of(
                    new ListOffsetsTopic()
                        .setName("t")
                        .setPartitions(List.of(new ListOffsetsPartition().setPartitionIndex(3)))));

    ListOffsetsResponseData answer =
        answer(ApiKeys.LIST_OFFSETS, request, ListOffsetsResponseData.class, 7);

    assertThat(answer.topics().get(0).partitions().get(0).errorCode()).isEqualTo(LOOK_AGAIN);
  }

  @Test
  void recordsAreSentAgainToWhoeverLeadsThen() {
    ProduceResponseData answer = answer(ApiKeys.PRODUCE, produce(), ProduceResponseData.class, 11);

    assertThat(answer.responses().find("t", Uuid.ZERO_UUID))
        .extracting(topic -> topic.partitionResponses().get(0).errorCode())
        .isEqualTo(LOOK_AGAIN);
  }

  private static ProduceRequestData produce() {
    return new ProduceRequestData()
        .setAcks((short) -1)
        .setTopicData(
            new TopicProduceDataCollection(
                List.of(
                        new TopicProduceData()
                            .setName("t")
                            .setPartitionData(
                                List.of(
                                    new PartitionProduceData()
                                        .setIndex(0)
                                        .setRecords(MemoryRecords.EMPTY))))
                    .iterator()));
  }
}
