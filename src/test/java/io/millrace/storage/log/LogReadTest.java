package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogReadTest {
  private static final long ALL = Long.MAX_VALUE;
  private LogFixture fixture;
  private int batchBytes;

  @BeforeEach
  void fill() throws Exception {
    fixture = LogFixture.small(100_000);
    fixture.fill(10);
    batchBytes = (int) (fixture.log.sizeBytes() / 10);
  }

  @Test
  void endsAtAWholeBatch() {
    assertThat(fixture.read(2, batchBytes * 3 + 1, ALL, false)).containsExactly(2L, 3L, 4L);
    assertThat(fixture.read(2, batchBytes * 3, ALL, false)).containsExactly(2L, 3L, 4L);
    assertThat(fixture.read(2, batchBytes * 3 - 1, ALL, false)).containsExactly(2L, 3L);
  }

  @Test
  void givesOneBatchThatIsTooLargeOnlyWhenAsked() {
    assertThat(fixture.read(4, 1, ALL, false)).isEmpty();
    assertThat(fixture.read(4, 1, ALL, true)).containsExactly(4L);
    assertThat(fixture.read(4, 0, ALL, true)).containsExactly(4L);
  }

  @Test
  void endsBeforeTheBound() {
    assertThat(fixture.read(2, 100_000, 5, true)).containsExactly(2L, 3L, 4L);
    assertThat(fixture.read(5, 100_000, 5, true)).isEmpty();
    assertThat(fixture.read(6, 100_000, 5, true)).isEmpty();
  }

  @Test
  void givesAnEmptySliceAtTheEnd() {
    assertThat(fixture.read(10, 100, ALL, true)).isEmpty();
  }

  @Test
  void answersNullOutsideOfTheLog() {
    fixture.log.advanceLogStart(3);

    assertThat(fixture.log.view().read(2, 100, ALL, true)).isNull();
    assertThat(fixture.log.view().read(11, 100, ALL, true)).isNull();
    assertThat(fixture.log.view().read(-1, 100, ALL, true)).isNull();
  }

  @Test
  void findsTheBatchThatHoldsAnOffset() throws Exception {
    fixture.append(Batches.of(5, 10, 0));

    assertThat(fixture.read(13, 10_000, ALL, true)).containsExactly(10L);
  }

  @Test
  void goesOnInTheNextSegment() throws Exception {
    fixture = LogFixture.small(500);
    fixture.fill(20);

    assertThat(fixture.log.segments()).hasSizeGreaterThan(4);
    assertThat(fixture.readAll()).hasSize(20);
  }

  @Test
  void skipsTheGapThatCompactionLeftAtTheEndOfASegment() throws Exception {
    fixture = LogFixture.small(500);
    fixture.fill(20);
    fixture.checkpoint();
    SegmentView second = fixture.log.segments().get(1);
    CleanedSegment empty = new CleanedSegment(fixture.disk, LogFixture.DIR, second.baseOffset(), 0);
    empty.finish();
    SwapWork work =
        fixture.log.replaceSegments(
            second.baseOffset(),
            second.endOffset(),
            java.util.List.of(empty),
            fixture.log.recoveryPoint(),
            0);
    work.run();
    fixture.log.swapped(work);

    assertThat(fixture.read(second.baseOffset(), 1000, ALL, true)).startsWith(second.endOffset());
  }

  @Test
  void saysWhatIsCold() throws Exception {
    fixture = new LogFixture(Map.of("segment.bytes", "500", "index.interval.bytes", "0"));
    fixture.closeCleanly();
    fixture.load(
        new LoadOptions(
            true,
            0,
            0,
            0,
            ProducerMemory.unlimited(LoadOptions.DEFAULT_PRODUCER_ID_EXPIRATION_MS),
            1000));
    fixture.fill(30);

    assertThat(isCold(0)).isTrue();
    assertThat(isCold(29)).isFalse();
    assertThat(isCold(26)).isFalse();
  }

  private boolean isCold(long offset) {
    LogSlice slice = fixture.log.view().read(offset, 100, ALL, true);
    slice.release();
    assertThat(fixture.log.view().isCold(offset)).isEqualTo(slice.isCold());
    return slice.isCold();
  }

  @Test
  void aSliceIsReleasedOnceForEachReference() {
    LogSlice slice = fixture.log.view().read(0, 100, ALL, true);
    slice.retain();
    slice.release();
    slice.release();

    assertThatThrownBy(slice::release).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(slice::retain).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReaderOfAnOldViewGoesOnInTheNewestOne() throws Exception {
    fixture = LogFixture.small(500);
    fixture.fill(20);
    LogView old = fixture.log.view();
    fixture.checkpoint();
    SegmentView first = fixture.log.segments().get(0);
    CleanedSegment copy = new CleanedSegment(fixture.disk, LogFixture.DIR, 0, 0);
    LogSlice all = old.read(0, 500, first.endOffset(), true);
    copy.append(all.read());
    all.release();
    copy.finish();
    SwapWork work =
        fixture.log.replaceSegments(
            0, first.endOffset(), java.util.List.of(copy), fixture.log.recoveryPoint(), 0);
    work.run();
    fixture.log.swapped(work);

    LogSlice slice = old.read(0, 10, ALL, true);

    assertThat(Batches.baseOffsets(slice.read())).containsExactly(0L);
    slice.release();
  }

  @Test
  void aSlowReaderGetsTheOldBytesWhileItsSegmentIsDeleted() throws Exception {
    fixture = LogFixture.small(500);
    fixture.fill(20);
    LogSlice slice = fixture.log.view().read(0, 500, ALL, true);
    ByteBuffer before = slice.read();
    fixture.log.advanceLogStart(10);
    fixture.log.removeSegmentsBelow(10, 0);

    assertThat(fixture.names()).contains("00000000000000000000.log.deleted");
    assertThat(fixture.log.deletionsDue(999)).isEmpty();
    int others = fixture.log.deletionsDue(2000).size();
    assertThat(slice.read()).isEqualTo(before);
    slice.release();

    assertThat(others).isPositive();
    for (DoomedSegment doomed : fixture.log.deletionsDue(2000)) {
      doomed.delete();
    }
    assertThat(fixture.names()).doesNotContain("00000000000000000000.log.deleted");
  }

  @Test
  void aSlowReaderGetsTheOldBytesWhileItsSegmentIsTruncatedAndWrittenAnew() throws Exception {
    LogSlice slice = fixture.log.view().read(0, 100_000, ALL, true);
    ByteBuffer before = slice.read();

    FlushWork work = fixture.log.truncateTo(4, 0);
    work.run();
    fixture.log.flushed(work);
    fixture.append(Batches.of(3, 77, 0));

    assertThat(slice.read()).isEqualTo(before);
    assertThat(fixture.readAll()).containsExactly(0L, 1L, 2L, 3L, 4L);
    slice.release();
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(LogFixture.NOW));
    assertThat(fixture.readAll()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }
}
