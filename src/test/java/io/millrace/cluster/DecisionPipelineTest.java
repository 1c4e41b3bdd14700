package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.controller.Decision;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.MetadataEntry;
import io.millrace.metadata.ProducerIdsAllocated;
import io.millrace.metadata.RequestId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class DecisionPipelineTest {
  private static final ReplyCodec<AllocateProducerIdsResponseData> CODEC =
      new ReplyCodec<>(AllocateProducerIdsResponseData::new, reply -> reply);
  private static final long TERM = 4;
  private static final int MANY = 600_000;

  private final SimScheduler world = new SimScheduler(1);
  private final EventLoop control = world.process("broker").loop("control");
  private final HeldLog log = new HeldLog();
  private final List<Throwable> faults = new ArrayList<>();
  private final DecisionPipeline pipeline = new DecisionPipeline(control, log, faults::add);

  DecisionPipelineTest() {
    on(
        () -> {
          pipeline.open();
          pipeline.leading(TERM);
          pipeline.submit(List.of(new BrokerRegistered(0, 0, -1, new Uuid(1, 1), List.of(), null)));
          log.deliver(TERM);
        });
  }

  private void on(Runnable step) {
    control.execute(step);
    world.runFor(10);
  }

  private Future<AllocateProducerIdsResponseData> allocate(long request) {
    List<Future<AllocateProducerIdsResponseData>> asked = new ArrayList<>();
    Function<ClusterImage, Decision<AllocateProducerIdsResponseData>> decider =
        image -> {
          long first = image.nextProducerId();
          Fact fact = new ProducerIdsAllocated(0, 0, first, 10);
          return new Decision<>(
              List.of(fact), new AllocateProducerIdsResponseData().setProducerIdStart(first));
        };
    RequestId id = new RequestId(0, new Uuid(1, 1), request);
    on(() -> asked.add(pipeline.decide(id, CODEC, decider)));
    return asked.get(0);
  }

  private static Errors error(Future<?> failed) {
    assertThat(failed.failed()).isTrue();
    return ((NotDecidedException) failed.cause()).error();
  }

  @Test
  void decidesOnWhatIsStillUnderWay() {
    Future<AllocateProducerIdsResponseData> first = allocate(1);
    Future<AllocateProducerIdsResponseData> second = allocate(2);
    assertThat(first.isComplete()).isFalse();
    on(() -> log.deliver(TERM));
    on(() -> log.deliver(TERM));

    assertThat(first.result().producerIdStart()).isZero();
    assertThat(second.result().producerIdStart()).isEqualTo(10);
  }

  @Test
  void doesNotDoARepeatTwiceAndAnswersItAsBefore() {
    allocate(1);
    Future<AllocateProducerIdsResponseData> underWay = allocate(1);
    on(() -> log.deliver(TERM));
    Future<AllocateProducerIdsResponseData> later = allocate(1);

    assertThat(log.held()).isEmpty();
    assertThat(underWay.result().producerIdStart()).isZero();
    assertThat(later.result().producerIdStart()).isZero();
    assertThat(pipeline.image().nextProducerId()).isEqualTo(10);
  }

  @Test
  void givesAnAnswerWithoutFactsWhenWhatItRestsOnIsCommitted() {
    allocate(1);
    Future<String> told = tell();
    assertThat(told.isComplete()).isFalse();

    on(() -> log.deliver(TERM));
    assertThat(told.result()).isEqualTo("ids up to 10");
  }

  @Test
  void givesNoAnswerWithoutFactsWhenWhatItRestsOnCameToNothing() {
    allocate(1);
    Future<String> told = tell();
    on(() -> log.deliver(TERM + 1));

    assertThat(told.cause())
        .isInstanceOfSatisfying(
            NotDecidedException.class,
            refused -> assertThat(refused.error()).isEqualTo(Errors.NOT_CONTROLLER));
  }

  private Future<String> tell() {
    List<Future<String>> asked = new ArrayList<>();
    on(
        () ->
            asked.add(
                pipeline.decide(image -> Decision.only("ids up to " + image.nextProducerId()))));
    return asked.get(0);
  }

  @Test
  void refusesWhatWasDecidedOnARefusedEntry() {
    Future<AllocateProducerIdsResponseData> first = allocate(1);
    Future<AllocateProducerIdsResponseData> second = allocate(2);

    on(() -> log.deliver(TERM + 1));
    Future<AllocateProducerIdsResponseData> meanwhile = allocate(3);
    on(() -> log.deliver(TERM));

    assertThat(error(meanwhile)).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(pipeline.image().nextProducerId()).isZero();
    assertThat(first.isComplete() && second.isComplete()).isTrue();
    assertThat(error(second)).isEqualTo(Errors.NOT_CONTROLLER);
  }

  @Test
  void decidesAgainWhenAllRefusedEntriesAreBack() {
    allocate(1);
    allocate(2);
    on(() -> log.deliver(TERM + 1));
    on(() -> log.deliver(TERM + 1));

    Future<AllocateProducerIdsResponseData> again = allocate(3);
    on(() -> log.deliver(TERM));

    assertThat(again.result().producerIdStart()).isZero();
  }

  @Test
  void answersWhatIsUnknownWhenLeadershipIsLost() {
    Future<AllocateProducerIdsResponseData> asked = allocate(1);
    on(pipeline::following);

    assertThat(error(asked)).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(error(allocate(2))).isEqualTo(Errors.NOT_CONTROLLER);

    on(() -> log.deliver(TERM));
    assertThat(pipeline.image().nextProducerId()).isEqualTo(10);
  }

  @Test
  void reportsAFailedLogAndDecidesNoMore() {
    Future<AllocateProducerIdsResponseData> asked = allocate(1);
    on(() -> pipeline.failed(new IllegalStateException("disk gone")));

    assertThat(error(asked)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(faults).hasSize(1);
    assertThat(error(allocate(2))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
  }

  @Test
  void refusesARequestWhoseDecisionIsTooLargeForTheLog() {
    List<Future<AllocateProducerIdsResponseData>> asked = new ArrayList<>();
    on(() -> asked.add(pipeline.decide(new RequestId(0, new Uuid(1, 1), 1), CODEC, huge())));

    assertThat(error(asked.get(0))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(asked.get(0).cause()).hasMessageContaining("several requests");
    assertThat(log.held()).isEmpty();
    assertThat(pipeline.speculative().nextProducerId()).isZero();
    Future<AllocateProducerIdsResponseData> next = allocate(2);
    on(() -> log.deliver(TERM));
    assertThat(next.succeeded()).isTrue();
  }

  @Test
  void dividesWhatMayBeDecidedInPartsAmongEntries() {
    List<Future<AllocateProducerIdsResponseData>> asked = new ArrayList<>();
    on(() -> asked.add(pipeline.decide(huge())));

    assertThat(log.held()).hasSizeGreaterThan(1);
    assertThat(log.held())
        .allSatisfy(
            entry ->
                assertThat(FactCodec.encode(entry).length)
                    .isLessThanOrEqualTo(MetadataEntry.BYTES_MAX));
    while (!log.held().isEmpty()) {
      assertThat(asked.get(0).isComplete()).isFalse();
      on(() -> log.deliver(TERM));
    }
    assertThat(asked.get(0).succeeded()).isTrue();
    assertThat(pipeline.image().nextProducerId()).isEqualTo(MANY);
  }

  @Test
  void refusesAFactThatIsTooLargeByItself() {
    String rack = "r".repeat(MetadataEntry.BYTES_MAX);
    List<Future<Void>> asked = new ArrayList<>();
    on(
        () ->
            asked.add(
                pipeline.submitInParts(
                    List.of(
                        new ProducerIdsAllocated(0, 0, 0, 10),
                        new BrokerRegistered(1, 1, -1, new Uuid(1, 2), List.of(), rack)))));

    assertThat(error(asked.get(0))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(log.held()).isEmpty();
  }

  /** A decision of so many small facts that no entry holds them. */
  private static Function<ClusterImage, Decision<AllocateProducerIdsResponseData>> huge() {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      facts.add(new ProducerIdsAllocated(0, 0, i, 1));
    }
    return image -> new Decision<>(facts, new AllocateProducerIdsResponseData());
  }
}
