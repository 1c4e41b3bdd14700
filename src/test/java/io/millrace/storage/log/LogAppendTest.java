package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogAppendTest {
  private static final long PRODUCER = 7;
  private LogFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new LogFixture(Map.of("max.message.bytes", "2000", "segment.bytes", "10000"));
  }

  @Test
  void assignsOffsetsAndEpochInTheBufferItself() throws Exception {
    fixture.append(Batches.of(3, 10, 0));
    ByteBuffer batch = Batches.of(2, 10, 0);
    batch.mark();

    LogAppend append = fixture.log.append(batch, AppendOrigin.CLIENT, 9, LogFixture.NOW);

    BatchView view = new BatchView().wrap(batch, 0);
    assertThat(view.baseOffset()).isEqualTo(3);
    assertThat(view.leaderEpoch()).isEqualTo(9);
    assertThat(view.crcMatches()).isTrue();
    assertThat(append).isEqualTo(new LogAppend(3, 4, -1, 0, false));
    assertThat(batch.position()).isZero();
  }

  /** Folder, topic id and segment are made by four calls; each of them fails in turn. */
  @ParameterizedTest
  @CsvSource({
    "1, false",
    "1, true",
    "2, false",
    "2, true",
    "3, false",
    "3, true",
    "4, false",
    "4, true"
  })
  void takesTheFirstRecordAgainWhoseFilesCouldNotBeMade(int failing, boolean processDies)
      throws Exception {
    fixture.disk.forceDirectory(LogFixture.DIR.getRoot());
    fixture.disk.failOperation(failing);
    assertThatThrownBy(() -> fixture.append(Batches.of(1, 10, 0)))
        .isInstanceOf(SimDisk.Failure.class);
    assertThat(fixture.log.logEndOffset()).isZero();
    if (processDies) {
      fixture.disk.killProcess();
      fixture.load(LoadOptions.crashed(0, 0, LogFixture.NOW));
    }

    assertThat(fixture.append(Batches.of(1, 10, 0)).baseOffset()).isZero();
    fixture.flush();
    fixture.disk.cutPower();
    fixture.load(LoadOptions.crashed(0, 0, LogFixture.NOW));

    fixture.log.advanceHighWatermark(1);
    assertThat(fixture.readAll()).containsExactly(0L);
    byte[] metadata = fixture.disk.readAll(LogFixture.DIR.resolve(FileNames.PARTITION_METADATA));
    assertThat(PartitionMetadata.decode(metadata).topicId()).isEqualTo(LogFixture.ID.topicId());
  }

  @Test
  void showsNothingBeforeItIsWritten() throws Exception {
    fixture.log.append(Batches.of(3, 10, 0), AppendOrigin.CLIENT, 0, LogFixture.NOW);

    fixture.log.advanceHighWatermark(3);

    assertThat(fixture.log.logEndOffset()).isEqualTo(3);
    assertThat(fixture.log.view().logEndOffset()).isZero();
    assertThat(fixture.log.highWatermark()).isZero();
    assertThat(fixture.log.hasPending()).isTrue();
  }

  @Test
  void writesAllThatIsQueuedAtOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.log.append(Batches.of(1, 10, 0), AppendOrigin.CLIENT, 0, LogFixture.NOW);
    }
    fixture.log.writePending();

    assertThat(fixture.log.hasPending()).isFalse();
    assertThat(fixture.readAll()).hasSize(20);
  }

  @Test
  void recognisesEachOfTheLastFiveBatchesAsDuplicate() throws Exception {
    for (int i = 0; i < 6; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }
    for (int i = 1; i < 6; i++) {
      LogAppend again = fixture.append(idempotent(2, 0, i * 2));
      assertThat(again.duplicate()).isTrue();
      assertThat(again.baseOffset()).isEqualTo(i * 2L);
      assertThat(again.lastOffset()).isEqualTo(i * 2L + 1);
    }
    assertThat(fixture.log.logEndOffset()).isEqualTo(12);
  }

  /** Nothing in flight to one leader can be older: a client that counted wrong must be told. */
  @Test
  void refusesAnOldSequenceThatIsNoneOfTheLastFiveBatches() throws Exception {
    for (int i = 0; i < 6; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }

    assertThat(refusal(idempotent(2, 0, 0))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(refusal(idempotent(3, 0, 8))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(refusal(idempotent(4, 0, 4))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  /**
   * A producer hears nothing of a leader that is cut off, and has sent many more to the next one
   * before it sends again what was in flight.
   */
  @Test
  void recognisesEachOfTheLastFiveBatchesOfTheLeaderBefore() throws Exception {
    for (int i = 0; i < 6; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }
    for (int i = 6; i < 20; i++) {
      appendAsLeaderOf(1, idempotent(2, 0, i * 2));
    }

    for (int i = 1; i < 6; i++) {
      LogAppend again = appendAsLeaderOf(1, idempotent(2, 0, i * 2));
      assertThat(again.duplicate()).isTrue();
      assertThat(again.baseOffset()).isEqualTo(i * 2L);
      assertThat(again.lastOffset()).isEqualTo(i * 2L + 1);
    }
    assertThat(fixture.log.logEndOffset()).isEqualTo(40);
    assertThat(refusal(idempotent(2, 0, 0))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(refusal(idempotent(2, 0, 12))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  @Test
  void forgetsTheBatchesOfTheLeaderBeforeWithTheProducersEpoch() throws Exception {
    fixture.append(idempotent(2, 0, 0));
    appendAsLeaderOf(1, idempotent(2, 0, 2));
    appendAsLeaderOf(1, idempotent(2, 1, 0));

    assertThat(appendAsLeaderOf(1, idempotent(2, 1, 0)).duplicate()).isTrue();
    assertThat(refusal(idempotent(2, 0, 0))).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
  }

  private LogAppend appendAsLeaderOf(int leaderEpoch, ByteBuffer batch) throws Exception {
    LogAppend append = fixture.log.append(batch, AppendOrigin.CLIENT, leaderEpoch, LogFixture.NOW);
    fixture.log.writePending();
    return append;
  }

  /** The snapshot of a clean stop has the last batch alone, and five may be in flight. */
  @Test
  void takesAnOldSequenceForADuplicateWhileItsWindowIsNotFullSinceARestart() throws Exception {
    for (int i = 0; i < 3; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(refusal(idempotent(2, 0, 2))).isEqualTo(Errors.DUPLICATE_SEQUENCE_NUMBER);
    assertThat(fixture.append(idempotent(2, 0, 4)).duplicate()).isTrue();
    for (int i = 3; i < 6; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }
    assertThat(refusal(idempotent(2, 0, 2))).isEqualTo(Errors.DUPLICATE_SEQUENCE_NUMBER);
    fixture.append(idempotent(2, 0, 12));
    assertThat(refusal(idempotent(2, 0, 2))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  @Test
  void recognisesADuplicateThatIsStillQueued() throws Exception {
    fixture.log.append(idempotent(1, 0, 0), AppendOrigin.CLIENT, 0, LogFixture.NOW);

    LogAppend again =
        fixture.log.append(idempotent(1, 0, 0), AppendOrigin.CLIENT, 0, LogFixture.NOW);

    assertThat(again.duplicate()).isTrue();
    assertThat(again.baseOffset()).isZero();
  }

  @Test
  void refusesASequenceThatLeavesAGap() throws Exception {
    fixture.append(idempotent(2, 0, 0));

    assertThat(refusal(idempotent(1, 0, 3))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(fixture.append(idempotent(1, 0, 2)).baseOffset()).isEqualTo(2);
  }

  @Test
  void takesAnySequenceOfAProducerThatItMayHaveForgotten() throws Exception {
    forgetAProducer();

    assertThat(fixture.append(idempotent(1, 3, 40)).baseOffset()).isEqualTo(1);
  }

  @Test
  void letsTheSecondBatchOfAProducerComeAgainBehindTheFirst() throws Exception {
    assertThat(refusal(idempotent(1, 0, 1))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(fixture.append(idempotent(1, 0, 0)).baseOffset()).isZero();
    assertThat(fixture.append(idempotent(1, 0, 1)).baseOffset()).isEqualTo(1);
  }

  /** As when its topic was deleted and created again: what came before stood in the old one. */
  @Test
  void takesAProducerThatComesAgainAndAgainWithTheSameSequence() throws Exception {
    assertThat(refusalAt(0, idempotent(1, 0, 5))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(refusalAt(1_000, idempotent(1, 0, 5))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    // In flight behind it, and no sign that nothing is in front.
    assertThat(refusalAt(2_500, idempotent(1, 0, 6))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);

    assertThat(appendAt(2_500, idempotent(1, 0, 5)).baseOffset()).isZero();
    assertThat(appendAt(2_500, idempotent(1, 0, 6)).baseOffset()).isEqualTo(1);
  }

  @Test
  void waitsNoLongerWhenTheClockIsSetBack() throws Exception {
    refusalAt(3_600_000, idempotent(1, 0, 5));
    assertThat(refusalAt(1_000, idempotent(1, 0, 5))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);

    assertThat(appendAt(3_000, idempotent(1, 0, 5)).baseOffset()).isZero();
  }

  /** What was passed was never appended: to call it a duplicate would lose it without a word. */
  @Test
  void refusesABatchThatWasPassed() throws Exception {
    refusalAt(0, idempotent(1, 0, 5));
    appendAt(2_500, idempotent(1, 0, 5));

    assertThat(refusalAt(3_000, idempotent(1, 0, 4)))
        .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(appendAt(3_000, idempotent(1, 0, 6)).baseOffset()).isEqualTo(1);
  }

  /** Refused for another reason while the one behind it was taken: Kafka's answer, and no loss. */
  @Test
  void refusesABatchInFrontOfWhereAProducerBeganThatItMayHaveForgotten() throws Exception {
    forgetAProducer();
    fixture.append(idempotent(2, 0, 6));

    assertThat(refusal(idempotent(2, 0, 4))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    for (int i = 4; i < 10; i++) {
      fixture.append(idempotent(2, 0, i * 2));
    }
    assertThat(refusal(idempotent(2, 0, 6))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(refusal(idempotent(2, 0, 4))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  @Test
  void isPatientAnewWhenABatchComesFromFurtherInFront() throws Exception {
    refusalAt(0, idempotent(1, 0, 5));

    assertThat(refusalAt(2_500, idempotent(1, 0, 4))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(refusalAt(2_500, idempotent(1, 0, 5))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(appendAt(4_500, idempotent(1, 0, 4)).baseOffset()).isZero();
  }

  @Test
  void waitsForNoBatchThatItsProducerGaveUp() throws Exception {
    refusalAt(0, idempotent(1, 0, 5));

    assertThat(refusalAt(2_000, idempotent(1, 0, 6))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(appendAt(4_000, idempotent(1, 0, 6)).baseOffset()).isZero();
  }

  /** As when too few replicas are in sync, and enough again between two batches in flight. */
  @Test
  void whatWasInFlightBehindARefusedBatchWaitsForIt() throws Exception {
    forgetAProducer();
    fixture.log.refused(idempotent(2, 0, 3), LogFixture.NOW);
    fixture.log.refused(idempotent(2, 0, 5), LogFixture.NOW + 10);

    assertThat(refusalAt(20, idempotent(2, 0, 7))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(refusalAt(20, idempotent(2, 0, 5))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(appendAt(100, idempotent(2, 0, 3)).baseOffset()).isEqualTo(1);
    assertThat(appendAt(100, idempotent(2, 0, 5)).baseOffset()).isEqualTo(3);
  }

  @Test
  void aRefusedBatchThatDoesNotComeAgainHoldsNobodyUp() throws Exception {
    forgetAProducer();
    fixture.log.refused(idempotent(2, 0, 3), LogFixture.NOW);

    assertThat(appendAt(2_000, idempotent(2, 0, 5)).baseOffset()).isEqualTo(1);
  }

  /** From now on a producer that the log does not know may be one that it knew. */
  private void forgetAProducer() throws Exception {
    fixture.append(idempotent(1, 0, 0));
    fixture.log.expireProducers(LogFixture.NOW + 86_400_000);
  }

  @Test
  void refusesAnOldProducerEpoch() throws Exception {
    fixture.append(idempotent(1, 2, 0));

    assertThat(refusal(idempotent(1, 1, 1))).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
  }

  @Test
  void beginsANewProducerEpochAtSequenceZero() throws Exception {
    fixture.append(idempotent(1, 2, 0));

    assertThat(refusal(idempotent(1, 3, 1))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(fixture.append(idempotent(1, 3, 0)).baseOffset()).isEqualTo(1);
  }

  @Test
  void goesOnAtZeroBehindTheLargestSequence() throws Exception {
    forgetAProducer();
    fixture.append(idempotent(1, 0, Integer.MAX_VALUE));

    assertThat(fixture.append(idempotent(2, 0, 0)).baseOffset()).isEqualTo(2);
    assertThat(fixture.append(idempotent(1, 0, Integer.MAX_VALUE)).duplicate()).isTrue();
  }

  @Test
  void recognisesADuplicateWhoseSequencesWrap() throws Exception {
    forgetAProducer();
    fixture.append(idempotent(3, 0, Integer.MAX_VALUE - 1));

    assertThat(fixture.append(idempotent(3, 0, Integer.MAX_VALUE - 1)).duplicate()).isTrue();
    assertThat(fixture.append(idempotent(1, 0, 1)).duplicate()).isFalse();
  }

  @Test
  void forgetsAnIdleProducer() throws Exception {
    fixture.append(idempotent(1, 0, 0));

    fixture.log.expireProducers(LogFixture.NOW + 86_400_000);

    assertThat(fixture.log.producers()).isEmpty();
    assertThat(fixture.append(idempotent(1, 0, 55)).duplicate()).isFalse();
  }

  @Test
  void doesNotCheckSequencesOfCoordinators() throws Exception {
    fixture.append(idempotent(1, 0, 0));

    LogAppend append =
        fixture.log.append(idempotent(1, 0, 9), AppendOrigin.COORDINATOR, 0, LogFixture.NOW);

    assertThat(append.duplicate()).isFalse();
  }

  @Test
  void refusesABatchThatIsTooLarge() {
    assertThat(refusal(Batches.of(1, 2000, 0))).isEqualTo(Errors.MESSAGE_TOO_LARGE);
  }

  @Test
  void refusesABatchLargerThanASegment() throws Exception {
    fixture = new LogFixture(Map.of("segment.bytes", "500"));

    assertThat(refusal(Batches.of(1, 600, 0))).isEqualTo(Errors.RECORD_LIST_TOO_LARGE);
  }

  @Test
  void refusesWhatIsNoWholeBatch() {
    ByteBuffer cut = Batches.of(1, 100, 0);
    cut.limit(cut.limit() - 1);
    ByteBuffer old = Batches.of(1, 100, 0).put(16, (byte) 1);

    assertThat(refusal(cut)).isEqualTo(Errors.CORRUPT_MESSAGE);
    assertThat(refusal(old)).isEqualTo(Errors.CORRUPT_MESSAGE);
    assertThat(refusal(ByteBuffer.allocate(20))).isEqualTo(Errors.CORRUPT_MESSAGE);
  }

  @Test
  void keepsOffsetsAndEpochsOfTheLeader() throws Exception {
    ByteBuffer fromLeader = Batches.of(2, 10, 0);
    new BatchView().wrap(fromLeader, 0).setBaseOffset(40);
    new BatchView().wrap(fromLeader, 0).setLeaderEpoch(5);

    LogAppend append = fixture.log.append(fromLeader, AppendOrigin.REPLICATION, 8, LogFixture.NOW);
    fixture.log.writePending();

    assertThat(append.baseOffset()).isEqualTo(40);
    assertThat(fixture.log.logEndOffset()).isEqualTo(42);
    assertThat(fixture.log.latestLeaderEpoch()).isEqualTo(5);
    assertThat(fixture.read(0, 1000, Long.MAX_VALUE, false)).isEqualTo(List.of(40L));
  }

  @Test
  void refusesABatchOfTheLeaderThatIsThereAlready() throws Exception {
    fixture.append(Batches.of(5, 10, 0));
    ByteBuffer behind = Batches.of(1, 10, 0);
    new BatchView().wrap(behind, 0).setBaseOffset(4);

    AppendException refusal =
        catchThrowableOfType(
            AppendException.class,
            () -> fixture.log.append(behind, AppendOrigin.REPLICATION, 0, LogFixture.NOW));

    assertThat(refusal.error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void rollsBySizeByAgeOfRecordsAndByADistantOffset() throws Exception {
    fixture = new LogFixture(Map.of("segment.bytes", "1000", "segment.ms", "5000"));
    fixture.append(Batches.of(1, 500, 1000));
    fixture.append(Batches.of(1, 500, 1000));
    assertThat(bases()).containsExactly(0L, 1L);

    fixture.append(Batches.of(1, 10, 7000));
    assertThat(bases()).containsExactly(0L, 1L, 2L);

    ByteBuffer distant = Batches.of(1, 10, 7000);
    new BatchView().wrap(distant, 0).setBaseOffset(2L + Integer.MAX_VALUE + 1);
    fixture.log.append(distant, AppendOrigin.REPLICATION, 0, LogFixture.NOW);
    assertThat(bases()).containsExactly(0L, 1L, 2L, 2L + Integer.MAX_VALUE + 1);
  }

  private List<Long> bases() {
    return fixture.log.segments().stream().map(SegmentView::baseOffset).toList();
  }

  private static ByteBuffer idempotent(int count, int epoch, int sequence) {
    return Batches.idempotent(count, 10, LogFixture.NOW, PRODUCER, (short) epoch, sequence);
  }

  private Errors refusal(ByteBuffer batch) {
    return refusalAt(0, batch);
  }

  private Errors refusalAt(long laterMs, ByteBuffer batch) {
    long end = fixture.log.logEndOffset();
    AppendException refusal =
        catchThrowableOfType(AppendException.class, () -> appendAt(laterMs, batch));
    assertThat(fixture.log.logEndOffset()).isEqualTo(end);
    return refusal.error();
  }

  private LogAppend appendAt(long laterMs, ByteBuffer batch) throws Exception {
    return fixture.log.append(batch, AppendOrigin.CLIENT, 0, LogFixture.NOW + laterMs);
  }
}
