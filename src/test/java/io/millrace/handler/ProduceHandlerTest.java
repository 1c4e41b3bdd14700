package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.ClusterFixture;
import io.millrace.eventloop.EventLoop;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.millrace.sim.Requests;
import io.millrace.sim.Requests.Origin;
import io.millrace.sim.Requests.Sent;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class ProduceHandlerTest extends BrokerFixture {

  @Test
  void givesEachRecordTheNextOffset() {
    assertThat(produce("t", 0, "a", "b").baseOffset()).isZero();
    assertThat(produce("t", 0, "c").baseOffset()).isEqualTo(2);
    assertThat(produce("t", 1, "x").baseOffset()).isZero();
  }

  @Test
  void answersOtherAcksThanZeroOneAndAllWithAnError() {
    PartitionProduceResponse part = produce(Requests.produce("t", 0, 2, batch("a")));

    assertThat(part.errorCode()).isEqualTo(Errors.INVALID_REQUIRED_ACKS.code());
    assertThat(part.baseOffset()).isEqualTo(-1);
  }

  @Test
  void doesNotAnswerWithoutAcks() {
    assertThat(call(ApiKeys.PRODUCE, 12, Requests.produce("t", 0, 0, batch("a")))).isNull();
    assertThat(values(fetch(Requests.fetch("t", 0, 0, 1, 500, 1 << 20)))).containsExactly("a");
  }

  @Test
  void closesTheConnectionWhenAnUnacknowledgedProduceFails() {
    Future<ApiMessage> answer =
        callAside(ApiKeys.PRODUCE, 12, Requests.produce("none", 0, 0, batch("a")));
    sim.runUntil(answer::isComplete, 1000);

    assertThat(answer.failed()).isTrue();
  }

  @Test
  void doesNotKnowTopicsAndPartitionsThatAreNot() {
    assertThat(produce("none", 0, "a").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(produce("t", 7, "a").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void findsTopicsByIdFromVersion13() {
    ProduceRequestData request = Requests.produce("", 0, -1, batch("a"));
    request
        .topicData()
        .iterator()
        .next()
        .setTopicId(broker.partitions().get("t", 0).id().topicId());

    ProduceResponseData answer = (ProduceResponseData) call(ApiKeys.PRODUCE, 13, request);

    assertThat(part(answer).errorCode()).isZero();
  }

  @Test
  void doesNotKnowAnIdThatIsNot() {
    ProduceRequestData request = Requests.produce("", 0, -1, batch("a"));
    request.topicData().iterator().next().setTopicId(new Uuid(1, 1));

    ProduceResponseData answer = (ProduceResponseData) call(ApiKeys.PRODUCE, 13, request);

    assertThat(part(answer).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
  }

  @Test
  void rejectsABatchWhoseCrcDiffers() {
    MemoryRecords records = batch("a");
    records.buffer().put(records.sizeInBytes() - 1, (byte) 99);

    PartitionProduceResponse part = produce(Requests.produce("t", 0, -1, records));

    assertThat(part.errorCode()).isEqualTo(Errors.CORRUPT_MESSAGE.code());
    assertThat(part.logStartOffset()).isEqualTo(-1);
  }

  /** A fault of the program, not of the client. */
  @Test
  void aCheckThatFailsIsAnsweredAndGivesTheFrameBack() {
    Clock broken =
        (Clock)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Clock.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("wallMs")) {
                    throw new IllegalStateException("no time");
                  }
                  return 0L;
                });
    EventLoop loop =
        (EventLoop)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {EventLoop.class},
                (proxy, method, arguments) -> broken);
    AtomicInteger held = new AtomicInteger();
    FrameRef frame =
        new FrameRef() {
          @Override
          public void retain() {
            held.incrementAndGet();
          }

          @Override
          public void release() {
            held.decrementAndGet();
          }
        };
    RequestContext context =
        new RequestContext(
            ApiKeys.PRODUCE,
            (short) 12,
            ClusterFixture.CALLER,
            new InetSocketAddress(9092),
            loop,
            frame,
            ConnectionScope.ENDLESS,
            1,
            "test",
            "1");

    Future<ApiMessage> answer =
        new ProduceHandler(broker.partitions(), Authorizer.ALLOW_ALL, Quotas.UNLIMITED)
            .handle(context, Requests.produce("t", 0, -1, batch("a")));

    assertThat(part((ProduceResponseData) answer.result()).errorCode())
        .isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    assertThat(held).hasValue(0);
  }

  @Test
  void namesTheRecordsThatACompactedTopicRefuses() {
    create("compacted", 1, "cleanup.policy", "compact");
    MemoryRecords records =
        Requests.batch(
            Origin.NONE,
            Compression.NONE,
            List.of(new Sent("k", "v", TIMESTAMP), new Sent(null, "no key", TIMESTAMP)));

    PartitionProduceResponse part = produce(Requests.produce("compacted", 0, -1, records));

    assertThat(part.errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
    assertThat(part.recordErrors())
        .singleElement()
        .satisfies(error -> assertThat(error.batchIndex()).isEqualTo(1));
    assertThat(part.errorMessage()).isNotNull();
    assertThat(part.logStartOffset()).isZero();
  }

  @Test
  void appendsTheOthersWhenOnePartitionIsRefused() {
    ProduceRequestData request = Requests.produce("none", 0, -1, batch("a"));
    request
        .topicData()
        .addAll(
            List.of(
                Requests.produce("t", 0, -1, batch("b"))
                    .topicData()
                    .iterator()
                    .next()
                    .duplicate()));

    ProduceResponseData answer = (ProduceResponseData) call(ApiKeys.PRODUCE, 12, request);

    assertThat(answer.responses())
        .extracting(topic -> topic.partitionResponses().get(0).errorCode())
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), Errors.NONE.code());
  }

  @Test
  void appendsADuplicateOnce() {
    MemoryRecords records = batch(new Origin(5, (short) 0, 0), "a");
    produce(Requests.produce("t", 0, -1, records));

    PartitionProduceResponse again = produce(Requests.produce("t", 0, -1, records));

    assertThat(again.errorCode()).isZero();
    assertThat(again.baseOffset()).isZero();
    assertThat(values(fetch(Requests.fetch("t", 0, 0, 1, 500, 1 << 20)))).containsExactly("a");
  }

  @Test
  void refusesASequenceWithAGap() {
    produce(Requests.produce("t", 0, -1, batch(new Origin(5, (short) 0, 0), "a")));

    PartitionProduceResponse gap =
        produce(Requests.produce("t", 0, -1, batch(new Origin(5, (short) 0, 2), "c")));

    assertThat(gap.errorCode()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
  }

  @Test
  void answersAfterTheFlushWhenEachMessageIsFlushed() {
    create("durable", 1, "flush.messages", "1");

    assertThat(produce("durable", 0, "a").errorCode()).isZero();
    assertThat(fetch(Requests.fetch("durable", 0, 0, 1, 500, 100)).highWatermark()).isEqualTo(1);
  }

  @Test
  void keepsTheOrderOfRequestsWhenALargeBatchIsOpenedAside() {
    create("recompressed", 1, "compression.type", "gzip");
    String large = "x".repeat(200_000);
    char[] noise = large.toCharArray();
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (char) ('a' + sim.random().nextInt(26));
    }
    MemoryRecords first =
        Requests.batch(
            Origin.NONE, Compression.NONE, List.of(new Sent(null, new String(noise), TIMESTAMP)));

    PartitionProduceResponse part = produce(Requests.produce("recompressed", 0, -1, first));

    assertThat(part.errorCode()).isZero();
    assertThat(values(fetch(Requests.fetch("recompressed", 0, 0, 1, 500, 1 << 20))))
        .containsExactly(new String(noise));
  }

  @Test
  void writesInternalTopicsForNobodyButTheAdminClient() {
    assertThat(produce("__consumer_offsets", 0, "a").errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
  }

  @Test
  void refusesMoreThanOneBatchForAPartition() {
    MemoryRecords one = batch("a");
    byte[] bytes = new byte[one.sizeInBytes() * 2];
    one.buffer().get(bytes, 0, one.sizeInBytes());
    System.arraycopy(
        Arrays.copyOf(bytes, one.sizeInBytes()), 0, bytes, one.sizeInBytes(), one.sizeInBytes());

    PartitionProduceResponse part =
        produce(
            Requests.produce("t", 0, -1, MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))));

    assertThat(part.errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
  }
}
