package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.Answers;
import io.millrace.sim.Requests;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class FetchHandlerTest extends BrokerFixture {

  private Future<ApiMessage> waitingFetch(int minBytes, int maxWaitMs) {
    return callAside(ApiKeys.FETCH, 12, Requests.fetch("t", 0, 0, minBytes, maxWaitMs, 1 << 20));
  }

  @Test
  void readsBackWhatWasProduced() {
    produce("t", 0, "a", "b");
    produce("t", 0, "c");

    PartitionData data = fetch(Requests.fetch("t", 0, 0, 1, 500, 1 << 20));

    assertThat(data.highWatermark()).isEqualTo(3);
    assertThat(data.lastStableOffset()).isEqualTo(3);
    assertThat(data.logStartOffset()).isZero();
    assertThat(values(data)).containsExactly("a", "b", "c");
  }

  @Test
  void answersAsSoonAsDataComes() {
    Future<ApiMessage> waiting = waitingFetch(1, 60_000);
    sim.runFor(100);
    assertThat(waiting.isComplete()).isFalse();

    produce("t", 0, "a");
    sim.runFor(10);

    assertThat(values(part(waiting))).containsExactly("a");
  }

  @Test
  void waitsForTheLeastBytesUntilTheTimeIsOver() {
    Future<ApiMessage> waiting = waitingFetch(10_000, 500);
    produce("t", 0, "a");
    sim.runFor(400);
    assertThat(waiting.isComplete()).isFalse();
    sim.runFor(200);

    assertThat(values(part(waiting))).containsExactly("a");
  }

  @Test
  void answersWhenTheLeastBytesAreReached() {
    Future<ApiMessage> waiting = waitingFetch(100, 60_000);
    produce("t", 0, "a");
    sim.runFor(10);
    assertThat(waiting.isComplete()).isFalse();
    produce("t", 0, "b");
    sim.runFor(10);

    assertThat(values(part(waiting))).containsExactly("a", "b");
  }

  /** Only whole batches are given, so that less than the bound comes, however much there is. */
  @Test
  void waitsForNoMoreThanTheAnswerHasRoomFor() {
    produce("t", 0, "a");
    int oneBatch = fetch(Requests.fetch("t", 0, 0, 1, 500, 1 << 20)).records().sizeInBytes();
    produce("t", 0, "b");
    produce("t", 0, "c");
    int bound = 2 * oneBatch + oneBatch / 2;

    Future<ApiMessage> full =
        callAside(ApiKeys.FETCH, 12, Requests.fetch("t", 0, 0, bound, 60_000, bound));
    sim.runFor(10);
    assertThat(values(part(full))).containsExactly("a", "b");

    Future<ApiMessage> rest =
        callAside(ApiKeys.FETCH, 12, Requests.fetch("t", 0, 2, bound, 60_000, bound));
    sim.runFor(10);
    assertThat(rest.isComplete()).as("what there is has room").isFalse();
  }

  @Test
  void answersAtOnceWhenItMayNotWait() {
    Future<ApiMessage> answer = waitingFetch(1, 0);
    sim.runFor(1);

    assertThat(values(part(answer))).isEmpty();
  }

  @Test
  void isWokenWhenItsTopicIsDeleted() {
    Future<ApiMessage> waiting = waitingFetch(1, 60_000);
    sim.runFor(100);

    sim.await(broker.deleteTopic("t"), 60_000);
    sim.runFor(10);

    assertThat(part(waiting).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void isGivenUpWhenItsConnectionCloses() {
    Future<ApiMessage> waiting = waitingFetch(1, 60_000);
    sim.runFor(100);

    broker.cut(2);
    sim.runFor(10);
    produce("t", 0, "a");

    assertThat(waiting.failed()).isTrue();
  }

  @Test
  void tellsWhenAnOffsetIsOutOfRange() {
    produce("t", 0, "a");

    assertThat(fetch(Requests.fetch("t", 0, 2, 1, 500, 100)).errorCode())
        .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    assertThat(fetch(Requests.fetch("t", 0, -1, 1, 500, 100)).errorCode())
        .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    assertThat(fetch(Requests.fetch("t", 0, 1, 1, 100, 100)).errorCode()).isZero();
  }

  @Test
  void doesNotKnowAReaderOfALaterLeaderEpoch() {
    FetchRequestData later = Requests.fetch("t", 0, 0, 1, 500, 100);
    later.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(99);

    PartitionData data = fetch(later);

    assertThat(data.errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    assertThat(data.highWatermark()).isEqualTo(-1);
  }

  @Test
  void givesOneBatchWhateverItsSizeAndNoMoreBeyondTheLimit() {
    produce("t", 0, "a");
    produce("t", 0, "b");

    assertThat(values(fetch(Requests.fetch("t", 0, 0, 1, 500, 1)))).containsExactly("a");
  }

  @Test
  void givesTheFirstOfSeveralPartitionsItsOversizedBatchAndTheOthersNothing() {
    produce("t", 0, "a");
    produce("t", 1, "x");
    FetchRequestData request = Requests.fetch("t", 0, 0, 1, 500, 1);
    request
        .topics()
        .get(0)
        .setPartitions(
            List.of(
                new FetchPartition().setPartition(1).setPartitionMaxBytes(1000),
                new FetchPartition().setPartition(0).setPartitionMaxBytes(1000)));

    FetchResponseData answer = (FetchResponseData) call(ApiKeys.FETCH, 12, request);

    List<PartitionData> parts = answer.responses().get(0).partitions();
    assertThat(values(parts.get(0))).containsExactly("x");
    assertThat(values(parts.get(1))).isEmpty();
  }

  @Test
  void findsTopicsByIdFromVersion13() {
    produce("t", 0, "a");
    FetchRequestData byId = Requests.fetch("", 0, 0, 1, 500, 100);
    byId.topics().get(0).setTopicId(broker.partitions().get("t", 0).id().topicId());

    FetchResponseData answer = (FetchResponseData) call(ApiKeys.FETCH, 18, byId);

    assertThat(values(part(answer))).containsExactly("a");
  }

  @Test
  void doesNotKnowAnIdThatIsNot() {
    FetchRequestData byId = Requests.fetch("", 0, 0, 1, 500, 100);
    byId.topics().get(0).setTopicId(new Uuid(1, 1));

    FetchResponseData answer = (FetchResponseData) call(ApiKeys.FETCH, 18, byId);

    assertThat(part(answer).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
  }

  @Test
  void refusesAnIsolationLevelThatThereIsNot() {
    for (int version : new int[] {4, 12}) {
      FetchRequestData request = Requests.fetch("t", 0, 0, 1, 500, 1).setIsolationLevel((byte) 2);

      FetchResponseData answer = (FetchResponseData) call(ApiKeys.FETCH, version, request);

      assertThat(part(answer).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }
  }

  @Test
  void refusesAFollowerOnAClientsListener() {
    FetchResponseData answer =
        (FetchResponseData)
            call(ApiKeys.FETCH, 12, Requests.fetch("t", 0, 0, 1, 500, 1).setReplicaId(2));

    assertThat(answer.errorCode()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
  }

  @Test
  void namesTheEndOfTheEpochToAReaderWhoseLogWentFurther() {
    produce("t", 0, "a");
    FetchRequestData request = Requests.fetch("t", 0, 5, 1, 500, 100);
    request.topics().get(0).partitions().get(0).setLastFetchedEpoch(0);

    PartitionData data = fetch(request);

    assertThat(data.errorCode()).isZero();
    assertThat(data.divergingEpoch().epoch()).isZero();
    assertThat(data.divergingEpoch().endOffset()).isEqualTo(1);
    assertThat(values(data)).isEmpty();
  }

  @Test
  void tellsAReaderOfAnEpochThatNeverWasToBeginAnew() {
    produce("t", 0, "a");
    FetchRequestData request = Requests.fetch("t", 0, 1, 1, 500, 100);
    request.topics().get(0).partitions().get(0).setLastFetchedEpoch(7);

    assertThat(fetch(request).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
  }

  @Test
  void tellsASessionOnlyWhatIsNew() {
    produce("t", 0, "a");
    FetchRequestData full = Requests.fetch("t", 0, 0, 1, 500, 1 << 20).setSessionEpoch(0);
    full.topics()
        .get(0)
        .setPartitions(
            List.of(
                full.topics().get(0).partitions().get(0),
                new FetchPartition().setPartition(1).setPartitionMaxBytes(1 << 20)));
    FetchResponseData first = (FetchResponseData) call(ApiKeys.FETCH, 12, full);
    assertThat(first.responses().get(0).partitions()).hasSize(2);
    Answers.release(first);
    produce("t", 1, "x");

    FetchRequestData next =
        Requests.fetch("t", 0, 1, 1, 500, 1 << 20)
            .setSessionId(first.sessionId())
            .setSessionEpoch(1);
    FetchResponseData second = (FetchResponseData) call(ApiKeys.FETCH, 12, next);

    assertThat(second.sessionId()).isEqualTo(first.sessionId());
    assertThat(second.responses().get(0).partitions())
        .singleElement()
        .satisfies(data -> assertThat(data.partitionIndex()).isEqualTo(1));
    assertThat(values(part(second))).containsExactly("x");
  }

  @Test
  void refusesASessionThatIsNotItsOwn() {
    FetchRequestData request =
        Requests.fetch("t", 0, 0, 1, 500, 100).setSessionId(77).setSessionEpoch(3);

    FetchResponseData answer = (FetchResponseData) call(ApiKeys.FETCH, 12, request);

    assertThat(answer.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    assertThat(answer.responses()).isEmpty();
  }
}
