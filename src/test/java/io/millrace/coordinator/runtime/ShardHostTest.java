package io.millrace.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecordCodec;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.Shard;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.model.TopicPartition;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to a step between its decision and its answer. */
class ShardHostTest {
  private static final int COMMIT_TIMEOUT_MS = 5_000;

  private final SimScheduler sim = new SimScheduler(1);
  private final EventLoop loop = sim.process("broker").loop("shard");
  private final EventLoop client = sim.process("client").loop("client");
  private final MemoryLog log = new MemoryLog(sim.random());
  private int discarded;
  private final ShardHost<Counter, GroupRecord> host =
      new ShardHost<>(
          log.replica(loop),
          new ShardOptions(COMMIT_TIMEOUT_MS, 200, () -> discarded++),
          new GroupRecordCodec(),
          Counter::new);

  /** Counts the records that were replayed; can wait, and fail. */
  private static final class Counter implements Shard<GroupRecord> {
    private final ShardTimer<GroupRecord> timer;
    private long sum;
    private boolean loaded;
    private final List<Reply<Long>> waiting = new ArrayList<>();

    Counter(ShardTimer<GroupRecord> timer) {
      this.timer = timer;
    }

    ShardResult<GroupRecord> add(long amount, Reply<Long> reply) {
      return new ShardResult.Builder<GroupRecord>()
          .append(record(amount))
          .answer(reply, sum + amount)
          .build();
    }

    ShardResult<GroupRecord> get(Reply<Long> reply) {
      return new ShardResult.Builder<GroupRecord>().answer(reply, sum).build();
    }

    ShardResult<GroupRecord> await(Reply<Long> reply) {
      waiting.add(reply);
      return new ShardResult.Builder<GroupRecord>().build();
    }

    ShardResult<GroupRecord> addLater(long amount, long delayMs, Reply<Long> reply) {
      timer.schedule(delayMs, () -> add(amount, reply));
      return new ShardResult.Builder<GroupRecord>().build();
    }

    private static GroupRecord record(long amount) {
      return new OffsetCommitted(
          "g",
          new TopicPartition("t", 0),
          new io.millrace.coordinator.group.CommittedOffset(amount, -1, "", 0, -1, Uuid.ZERO_UUID));
    }

    @Override
    public void replay(long producerId, short producerEpoch, GroupRecord record) {
      sum += ((OffsetCommitted) record).offset().offset();
    }

    @Override
    public void replayEndMarker(long producerId, short producerEpoch, boolean committed) {
      throw new AssertionError("no transactions here");
    }

    @Override
    public ShardResult<GroupRecord> loaded() {
      loaded = true;
      return new ShardResult.Builder<GroupRecord>().build();
    }
  }

  @BeforeEach
  void lead() {
    log.commitDelayMaxMs = 0;
    lead(log.leaderEpoch());
  }

  private void lead(int epoch) {
    loop.execute(() -> host.lead(epoch));
    sim.runFor(50);
  }

  private Future<Long> ask(BiFunction<Counter, Reply<Long>, ShardResult<GroupRecord>> step) {
    return client.ask(loop, () -> host.run(step));
  }

  private Future<Long> add(long amount) {
    return ask((counter, reply) -> counter.add(amount, reply));
  }

  private Future<Long> write(long amount) {
    return client.ask(loop, () -> host.write((counter, reply) -> counter.add(amount, reply)));
  }

  private Future<Long> get() {
    return ask((counter, reply) -> counter.get(reply));
  }

  private Errors errorOf(Future<?> future) {
    sim.runUntil(future::isComplete, 60_000);
    assertThat(future.failed()).isTrue();
    return CoordinatorException.errorOf(future.cause());
  }

  @Test
  void answersWhenTheRecordsAreCommitted() {
    log.stalled = true;
    Future<Long> added = add(5);
    sim.runFor(100);
    assertThat(added.isComplete()).isFalse();

    loop.execute(log::commitAll);

    assertThat(sim.await(added, 100)).isEqualTo(5);
  }

  @Test
  void answersReadsWhenWhatTheySawIsCommitted() {
    log.stalled = true;
    add(5);
    Future<Long> read = get();
    sim.runFor(100);
    assertThat(read.isComplete()).isFalse();

    loop.execute(log::commitAll);

    assertThat(sim.await(read, 100)).isEqualTo(5);
  }

  @Test
  void readsAreRefusedWhileAnotherMayLeadAlready() {
    sim.await(add(5), 100);
    log.ledForSure = false;

    Future<Long> read = client.ask(loop, () -> host.read((counter, reply) -> counter.get(reply)));
    assertThat(errorOf(read)).isEqualTo(Errors.NOT_COORDINATOR);

    log.ledForSure = true;
    assertThat(sim.await(get(), 100)).isEqualTo(5);
  }

  @Test
  void aLaterStepSeesWhatAnEarlierOneAppended() {
    log.stalled = true;
    add(5);
    Future<Long> second = add(6);
    sim.runFor(100);

    loop.execute(log::commitAll);

    assertThat(sim.await(second, 100)).isEqualTo(11);
  }

  @Test
  void givesUpAnAnswerThatWaitsTooLongThoughItsRecordsMayCommit() {
    log.stalled = true;
    Future<Long> added = add(5);

    assertThat(errorOf(added)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

    loop.execute(log::commitAll);
    assertThat(sim.await(get(), 100)).isEqualTo(5);
    assertThat(discarded).isZero();
  }

  @Test
  void everyAnswerHasItsOwnTime() {
    log.stalled = true;
    Future<Long> first = add(5);
    sim.runFor(4_000);
    Future<Long> second = add(6);
    sim.runFor(2_000);

    assertThat(first.failed()).isTrue();
    assertThat(second.isComplete()).isFalse();
    assertThat(errorOf(second)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
  }

  @Test
  void aRefusedAppendLoadsTheMemoryAnew() {
    sim.await(add(5), 100);
    log.refusesOneIn = 1;
    Future<Long> refused = add(6);
    assertThat(errorOf(refused)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    log.refusesOneIn = 0;
    sim.runFor(50);

    assertThat(sim.await(get(), 100)).isEqualTo(5);
    assertThat(discarded).isEqualTo(1);
    assertThat(log.reads).isEqualTo(1);
  }

  @Test
  void aRefusedWriteIsAnsweredAndTheMemoryStays() {
    sim.await(add(5), 100);
    Future<Long> waiting = ask((counter, reply) -> counter.await(reply));
    log.refusesOneIn = 1;

    assertThat(errorOf(write(6))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(sim.await(get(), 100)).isEqualTo(5);

    log.refusesOneIn = 0;
    assertThat(sim.await(write(7), 100)).isEqualTo(12);
    assertThat(waiting.isComplete()).isFalse();
    assertThat(discarded).isZero();
    assertThat(log.reads).isZero();
  }

  @Test
  void aWriteWhoseLeadershipIsOverEndsTheShard() {
    log.moveLeadership();

    assertThat(errorOf(write(5))).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(discarded).isEqualTo(1);
  }

  @Test
  void aLogThatGoesOnRefusingIsNotLoadedAgainAndAgain() {
    sim.await(add(5), 100);
    log.refusesOneIn = 1;
    assertThat(errorOf(add(6))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    sim.runFor(50);
    assertThat(errorOf(add(6))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    sim.runFor(4_000);

    assertThat(errorOf(add(6))).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    assertThat(log.reads).isEqualTo(1);

    sim.runFor(1_000);
    assertThat(sim.await(get(), 100)).isEqualTo(5);
    assertThat(log.reads).isEqualTo(2);
  }

  @Test
  void whoWaitsInADiscardedShardIsAnswered() {
    Future<Long> waiting = ask((counter, reply) -> counter.await(reply));
    sim.runFor(50);

    loop.execute(host::resign);

    assertThat(errorOf(waiting)).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(errorOf(add(1))).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void aStepOfAnOldEpochIsRefused() {
    log.moveLeadership();

    assertThat(errorOf(add(5))).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(log.end()).isZero();
  }

  @Test
  void leadershipLostBeforeTheCommitIsNoSuccess() {
    log.stalled = true;
    Future<Long> added = add(5);
    sim.runFor(10);

    loop.execute(log::moveLeadership);

    assertThat(errorOf(added)).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void loadsEverythingInSeveralReads() {
    for (int i = 1; i <= 50; i++) {
      sim.await(add(i), 100);
    }
    int epoch = log.moveLeadership();
    loop.execute(() -> host.lead(epoch));
    Future<Long> early = get();
    assertThat(errorOf(early)).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    sim.runFor(1_000);

    assertThat(sim.await(get(), 100)).isEqualTo(50 * 51 / 2);
    assertThat(log.reads).isGreaterThan(10);
  }

  @Test
  void leadershipThatEndsWhileLoadingEndsTheLoading() {
    sim.await(add(5), 100);
    int epoch = log.moveLeadership();
    loop.execute(
        () -> {
          host.lead(epoch);
          host.resign();
        });
    sim.runFor(1_000);

    assertThat(errorOf(get())).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void anEmptyLogIsLoadedAtOnce() {
    ShardHost<Counter, GroupRecord> fresh =
        new ShardHost<>(
            new MemoryLog(sim.random()).replica(loop),
            new ShardOptions(COMMIT_TIMEOUT_MS, 200, () -> {}),
            new GroupRecordCodec(),
            Counter::new);
    Future<Long> first =
        client.ask(
            loop,
            () -> {
              fresh.lead(0);
              return fresh.run((counter, reply) -> counter.get(reply));
            });

    assertThat(sim.await(first, 100)).isZero();
  }

  @Test
  void aFaultInAStepLoadsTheMemoryAnewAndIsAnswered() {
    sim.await(add(5), 100);
    Future<Long> faulty =
        ask(
            (counter, reply) -> {
              counter.sum = 99;
              throw new IllegalStateException("on purpose");
            });

    assertThat(errorOf(faulty)).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    sim.runFor(50);
    assertThat(sim.await(get(), 100)).isEqualTo(5);
  }

  @Test
  void timersAreStepsLikeAnyOther() {
    Future<Long> later = ask((counter, reply) -> counter.addLater(7, 1_000, reply));
    sim.runFor(900);
    assertThat(later.isComplete()).isFalse();

    assertThat(sim.await(later, 1_000)).isEqualTo(7);
  }

  @Test
  void timersEndWithTheirShard() {
    ask((counter, reply) -> counter.addLater(7, 1_000, reply));
    sim.runFor(10);
    int epoch = log.moveLeadership();
    lead(epoch);

    sim.runFor(2_000);

    assertThat(sim.await(get(), 100)).isZero();
  }
}
