package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLookupTest {
  private static final long T = LogFixture.NOW;
  private LogFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = LogFixture.small(500);
  }

  @Test
  void findsTheFirstRecordWithATimestampOrLater() throws Exception {
    for (int i = 0; i < 30; i++) {
      fixture.append(Batches.of(3, 20, T + i * 10));
    }

    assertThat(found(T)).isEqualTo(new TimestampedOffset(0, T, 0));
    assertThat(found(T + 1)).isEqualTo(new TimestampedOffset(1, T + 1, 0));
    assertThat(found(T + 155)).isEqualTo(new TimestampedOffset(48, T + 160, 0));
    assertThat(found(T + 292)).isEqualTo(new TimestampedOffset(89, T + 292, 0));
    assertThat(found(T + 293)).isNull();
    assertThat(found(0)).isEqualTo(new TimestampedOffset(0, T, 0));
  }

  @Test
  void findsEachTimestampInAnyOrderOfTimestampsAlsoAfterARestart() throws Exception {
    long[] times = new long[60];
    java.util.Random random = new java.util.Random(4);
    for (int i = 0; i < times.length; i++) {
      times[i] = T + random.nextInt(1000);
      fixture.append(Batches.of(1, 20, times[i]));
    }
    checkAll(times);
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(T));
    checkAll(times);
  }

  private void checkAll(long[] times) throws Exception {
    for (long target = T; target < T + 1000; target += 7) {
      int expected = 0;
      while (expected < times.length && times[expected] < target) {
        expected++;
      }
      TimestampedOffset found = found(target);
      assertThat(found == null ? times.length : found.offset()).isEqualTo(expected);
    }
  }

  @Test
  void findsNothingBelowTheLogStartOrBehindTheBound() throws Exception {
    for (int i = 0; i < 10; i++) {
      fixture.append(Batches.of(1, 20, T + i));
    }
    fixture.log.advanceLogStart(4);

    assertThat(found(T).offset()).isEqualTo(4);
    assertThat(fixture.log.offsetForTimestamp(T + 7, 7)).isNull();
    assertThat(fixture.log.offsetForTimestamp(T + 6, 7).offset()).isEqualTo(6);
  }

  @Test
  void findsTheFirstRecordWithTheLargestTimestamp() throws Exception {
    assertThat(fixture.log.maxTimestamp()).isNull();
    fixture.append(Batches.of(2, 20, T));
    fixture.append(Batches.of(3, 20, T + 100));
    fixture.append(Batches.of(2, 150, T + 5));
    fixture.append(Batches.of(2, 150, T + 6));

    assertThat(fixture.log.maxTimestamp()).isEqualTo(new TimestampedOffset(4, T + 102, 0));
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(T));
    assertThat(fixture.log.maxTimestamp()).isEqualTo(new TimestampedOffset(4, T + 102, 0));
  }

  @Test
  void knowsWhereEpochsBeginAndEnd() throws Exception {
    append(2, 1);
    append(3, 1);
    append(2, 4);

    assertThat(fixture.log.latestLeaderEpoch()).isEqualTo(4);
    assertThat(fixture.log.leaderEpochAt(4)).isEqualTo(1);
    assertThat(fixture.log.leaderEpochAt(5)).isEqualTo(4);
    assertThat(fixture.log.epochEndOffset(4)).isEqualTo(new EpochEnd(4, 7));
    assertThat(fixture.log.epochEndOffset(1)).isEqualTo(new EpochEnd(1, 5));
    assertThat(fixture.log.epochEndOffset(3)).isEqualTo(new EpochEnd(1, 5));
    assertThat(fixture.log.epochEndOffset(0)).isEqualTo(new EpochEnd(0, 0));
    assertThat(fixture.log.epochEndOffset(5)).isEqualTo(EpochEnd.UNKNOWN);
    assertThat(fixture.log.earliest()).isEqualTo(new TimestampedOffset(0, -1, 1));
  }

  @Test
  void forgetsEpochsBelowTheLogStart() throws Exception {
    append(2, 1);
    append(2, 2);
    append(2, 3);

    fixture.log.advanceLogStart(3);

    assertThat(fixture.log.epochEndOffset(1)).isEqualTo(new EpochEnd(1, 3));
    assertThat(fixture.log.leaderEpochAt(3)).isEqualTo(2);
    assertThat(fixture.log.earliest().leaderEpoch()).isEqualTo(2);
  }

  private void append(int count, int epoch) throws Exception {
    fixture.log.append(Batches.of(count, 10, T), AppendOrigin.CLIENT, epoch, T);
    fixture.log.writePending();
    fixture.log.advanceHighWatermark(fixture.log.logEndOffset());
  }

  private TimestampedOffset found(long timestampMs) throws Exception {
    return fixture.log.offsetForTimestamp(timestampMs, Long.MAX_VALUE);
  }
}
