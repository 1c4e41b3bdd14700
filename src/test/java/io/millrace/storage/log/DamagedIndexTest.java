package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The indexes of sealed segments are small files that nobody checks at a clean start. */
class DamagedIndexTest {
  private static final long T = LogFixture.NOW;

  private static LogFixture closedLog() throws Exception {
    LogFixture fixture =
        new LogFixture(
            Map.of(
                "segment.bytes", "1200",
                "index.interval.bytes", "0",
                "retention.ms", "1000",
                "file.delete.delay.ms", "1000"));
    for (int i = 0; i < 60; i++) {
      fixture.append(Batches.of(3, 20, T + i * 100));
    }
    fixture.closeCleanly();
    return fixture;
  }

  private static void reopen(LogFixture fixture) throws IOException {
    fixture.load(LoadOptions.clean(T));
    fixture.log.advanceHighWatermark(fixture.log.logEndOffset());
  }

  private static Path second(LogFixture fixture, String suffix) throws IOException {
    return fixture.disk.list(LogFixture.DIR).stream()
        .filter(file -> FileNames.is(file, suffix))
        .toList()
        .get(1);
  }

  private static void flip(LogFixture fixture, Path file, long position, int bit)
      throws IOException {
    try (LogFile open = fixture.disk.open(file, false)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      open.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 1 << bit));
      open.write(new ByteBuffer[] {one.rewind()}, position);
    }
  }

  /** Base offsets of the batches that a reader meets who asks from each offset on. */
  private static void assertAllIsRead(LogFixture fixture, String damage) {
    long end = fixture.log.logEndOffset();
    for (long offset = 0; offset < end; offset++) {
      List<Long> first = fixture.read(offset, 1, end, true);
      assertThat(first).as("%s, read from %s", damage, offset).containsExactly(offset / 3 * 3);
    }
    assertThat(fixture.readAll()).as(damage).hasSize(60);
  }

  @Test
  void noFlippedBitOfAnOffsetIndexHasRecordsPassedOver() throws Exception {
    LogFixture fixture = closedLog();
    Path index = second(fixture, FileNames.INDEX);
    long size = fixture.disk.size(index);
    assertThat(size).isGreaterThan(3 * OffsetEntries.ENTRY_BYTES);

    for (long at = 0; at < size; at++) {
      for (int bit = 0; bit < 8; bit++) {
        flip(fixture, index, at, bit);
        reopen(fixture);
        assertAllIsRead(fixture, "bit " + bit + " of byte " + at);
        fixture.log.close();
        flip(fixture, index, at, bit);
      }
    }
  }

  @Test
  void batchThatCannotBeFoundIsNotPassedOver() throws Exception {
    LogFixture fixture = closedLog();
    Path log = second(fixture, FileNames.LOG);
    long base = FileNames.offsetOf(log);
    flip(fixture, log, 8, 6); // the size of its first batch
    reopen(fixture);

    assertThatThrownBy(() -> fixture.read(base, 700, base + 100, true))
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(log + " at position 0");
  }

  @Test
  void timestampThatTurnedOldDeletesNothing() throws Exception {
    LogFixture fixture = closedLog();
    Path index = LogFixture.DIR.resolve(name(0));
    long last = fixture.disk.size(index) - TimeEntries.ENTRY_BYTES;
    for (int at = 0; at < TimeEntries.ENTRY_BYTES; at++) {
      for (int bit = 0; bit < 8; bit++) {
        flip(fixture, index, last + at, bit);
        reopen(fixture);
        assertThat(fixture.log.retentionDue(T + 1000)).as("bit %s of byte %s", bit, at).isNull();
        fixture.log.close();
        flip(fixture, index, last + at, bit);
      }
    }
  }

  @Test
  void timestampOfTheSegmentThatIsWrittenIsNotBelievedEither() throws Exception {
    LogFixture fixture =
        new LogFixture(Map.of("retention.ms", "1000", "index.interval.bytes", "0"));
    fixture.append(Batches.of(1, 20, T));
    fixture.append(Batches.of(1, 20, T + 900)); // the largest is in the middle
    fixture.append(Batches.of(1, 20, T + 100));
    fixture.closeCleanly();
    Path index = LogFixture.DIR.resolve(name(0));
    long size = fixture.disk.size(index);
    for (long at = 0; at < size; at++) {
      for (int bit = 0; bit < 8; bit++) {
        flip(fixture, index, at, bit);
        reopen(fixture);
        assertThat(fixture.log.retentionDue(T + 1500)).as("bit %s of byte %s", bit, at).isNull();
        assertThat(fixture.log.retentionDue(T + 2000)).as("bit %s of byte %s", bit, at).isNotNull();
        fixture.log.close();
        flip(fixture, index, at, bit);
      }
    }
  }

  @Test
  void segmentWithoutEntriesOfTimeIsDeletedWhenItsBatchesAreOld() throws Exception {
    LogFixture fixture = closedLog();
    try (LogFile index = fixture.disk.open(LogFixture.DIR.resolve(name(0)), false)) {
      index.truncate(0);
    }
    reopen(fixture);

    assertThat(fixture.log.retentionDue(T + 60_000).segments()).isGreaterThan(1);
    assertThat(fixture.log.retentionDue(T + 1000)).isNull();
  }

  private static String name(long base) {
    return FileNames.of(LogFixture.DIR, base, FileNames.TIME_INDEX).getFileName().toString();
  }
}
