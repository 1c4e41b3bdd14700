package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogRecoveryTest {
  private static final Path FIRST_LOG = LogFixture.DIR.resolve("00000000000000000000.log");
  private LogFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = LogFixture.small(1000);
  }

  @Test
  void readsNoBatchesAfterACleanClose() throws Exception {
    fixture.fill(200);
    fixture.closeCleanly();
    long before = fixture.disk.bytesRead();

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(fixture.loaded.scannedBytes()).isZero();
    assertThat(fixture.disk.bytesRead() - before).isLessThan(2500);
    assertThat(fixture.readAll()).hasSize(200);
    assertThat(fixture.log.recoveryPoint()).isEqualTo(200);
    assertThat(fixture.log.flushedOffset()).isEqualTo(200);
  }

  @Test
  void folderThatLostAllItsSegmentsIsNoNewLog() throws Exception {
    fixture.fill(20);
    fixture.closeCleanly();
    for (Path file : fixture.disk.list(LogFixture.DIR)) {
      if (FileNames.is(file, FileNames.LOG)) {
        fixture.disk.delete(file);
      }
    }

    for (boolean clean : new boolean[] {true, false}) {
      assertThatThrownBy(() -> fixture.load(closed(clean, 20)))
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining("everything below offset 20 was durable");
    }
    fixture.load(LoadOptions.crashed(0, 0, LogFixture.NOW));
    assertThat(fixture.log.logEndOffset()).as("nothing of it was durable").isZero();
  }

  /** Readers would go on behind it, without a word of what is gone. */
  @Test
  void sealedSegmentThatWasEmptiedIsNoticed() throws Exception {
    fixture.fill(200);
    fixture.closeCleanly();
    Path first =
        fixture.disk.list(LogFixture.DIR).stream()
            .filter(file -> FileNames.is(file, FileNames.LOG))
            .findFirst()
            .orElseThrow();
    assertThat(first).isNotEqualTo(lastLog());
    try (LogFile log = fixture.disk.open(first, false)) {
      log.truncate(0);
    }

    for (boolean clean : new boolean[] {true, false}) {
      assertThatThrownBy(() -> fixture.load(closed(clean, 200)))
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining(first.toString())
          .hasMessageContaining("the file is empty");
    }
  }

  /** Also at the second start: the clean stop between them closed the other logs, not this one. */
  @Test
  void logThatEndsBelowItsRecoveryPointIsNotTakenForOneThatWasClosedThere() throws Exception {
    fixture.fill(20);
    fixture.closeCleanly();
    fixture.disk.delete(lastLog());

    for (boolean clean : new boolean[] {true, false}) {
      assertThatThrownBy(() -> fixture.load(closed(clean, 20)))
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining("everything below offset 20 was durable");
    }
  }

  @Test
  void logThatEndsBehindItsRecoveryPointWasNotClosedWithTheOthersAndIsScanned() throws Exception {
    fixture.fill(20);
    fixture.closeCleanly();
    Path last = lastLog();
    fixture.damage(last, fixture.disk.size(last) - 1);

    fixture.load(closed(true, 10));

    assertThat(fixture.loaded.cutBytes()).isPositive();
    assertThat(fixture.readAll()).hasSizeBetween(10, 19);
  }

  private Path lastLog() throws IOException {
    return fixture.disk.list(LogFixture.DIR).stream()
        .filter(file -> FileNames.is(file, FileNames.LOG))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static LoadOptions closed(boolean clean, long recoveryPoint) {
    return new LoadOptions(
        clean,
        recoveryPoint,
        0,
        LogFixture.NOW,
        ProducerMemory.unlimited(1_000),
        LoadOptions.DEFAULT_COLD_AFTER_BYTES);
  }

  @Test
  void scansOnlyWhatLiesBehindTheRecoveryPoint() throws Exception {
    fixture.fill(200);
    fixture.checkpoint();
    long size = fixture.log.sizeBytes();
    fixture.fill(20);
    long written = fixture.log.sizeBytes() - size;
    long before = fixture.disk.bytesRead();

    crashedAt(200);

    assertThat(fixture.loaded.scannedBytes()).isBetween(written, written + 1000);
    assertThat(fixture.disk.bytesRead() - before).isLessThan(written + 8000);
    assertThat(fixture.readAll()).hasSize(220);
  }

  @Test
  void cutsATornTail() throws Exception {
    fixture.fill(5);
    long size = fixture.log.sizeBytes();
    fixture.disk.cutPowerAtOperation(1);
    assertThatThrownBy(() -> fixture.fill(1)).isInstanceOf(IOException.class);

    fixture.disk.killProcess();
    crashedAt(0);

    assertThat(fixture.log.logEndOffset()).isEqualTo(5);
    assertThat(fixture.disk.size(FIRST_LOG)).isEqualTo(size);
    fixture.fill(1);
    assertThat(fixture.readAll()).hasSize(6);
  }

  @Test
  void cutsAtABatchWhoseCrcDiffersAndDropsLaterSegments() throws Exception {
    fixture.fill(20);
    fixture.damage(FIRST_LOG, fixture.disk.size(FIRST_LOG) - 1);
    long left = fixture.log.segments().get(0).endOffset() - 1;

    crashedAt(0);

    assertThat(fixture.log.logEndOffset()).isEqualTo(left);
    assertThat(fixture.log.segments()).hasSize(1);
    assertThat(fixture.loaded.cutBytes()).isPositive();
  }

  /** The CRC of a batch does not cover its base offset. */
  @Test
  void cutsAtABatchWhoseOffsetNoSegmentCouldHold() throws Exception {
    fixture.fill(2);
    long third = fixture.disk.size(FIRST_LOG);
    fixture.fill(1);
    fixture.damage(FIRST_LOG, third + 2);

    crashedAt(0);

    assertThat(fixture.log.logEndOffset()).isEqualTo(2);
    assertThat(fixture.loaded.cutBytes()).isPositive();
  }

  @Test
  void saysFileAndPositionWhenDurableBytesAreDamaged() throws Exception {
    fixture.fill(3);
    fixture.damage(FIRST_LOG, 70);

    assertThatThrownBy(() -> crashedAt(3))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(FIRST_LOG + " at position 0")
        .hasMessageContaining("the CRC differs")
        .hasMessageContaining("below offset 3 was durable");
  }

  @Test
  void saysWhenTheLogDoesNotReachItsRecoveryPoint() throws Exception {
    fixture.fill(3);

    assertThatThrownBy(() -> crashedAt(30))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("the log ends at offset 3");
  }

  @Test
  void neverAllocatesWhatADamagedSizeClaims() throws Exception {
    fixture.fill(2);
    try (LogFile file = fixture.disk.open(FIRST_LOG, false)) {
      ByteBuffer size = ByteBuffer.allocate(4).putInt(0, Integer.MAX_VALUE - 12);
      file.write(new ByteBuffer[] {size}, 8);
    }

    crashedAt(0);

    assertThat(fixture.log.logEndOffset()).isZero();
  }

  @Test
  void checksABatchThatIsLargerThanItsBuffer() throws Exception {
    fixture = LogFixture.small(10_000_000);
    fixture.log.reconfigure(
        io.millrace.config.LogConfig.of(java.util.Map.of("max.message.bytes", "5000000")));
    fixture.append(Batches.of(1, 3_000_000, 0));
    fixture.append(Batches.of(1, 10, 0));

    crashedAt(0);
    assertThat(fixture.log.logEndOffset()).isEqualTo(2);

    fixture.damage(FIRST_LOG, 2_500_000);
    crashedAt(0);
    assertThat(fixture.log.logEndOffset()).isZero();
  }

  @Test
  void rebuildsIndexesThatAreGone() throws Exception {
    fixture.fill(40);
    fixture.closeCleanly();
    for (Path file : fixture.disk.list(LogFixture.DIR)) {
      if (file.toString().endsWith("index")) {
        fixture.disk.delete(file);
      }
    }

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(fixture.readAll()).hasSize(40);
    assertThat(fixture.read(17, 1, Long.MAX_VALUE, true)).containsExactly(17L);
    assertThat(fixture.names()).contains("00000000000000000000.index");
  }

  @Test
  void recoversAFolderThatWasSaidToBeCleanAndIsNot() throws Exception {
    fixture.fill(3);
    fixture.closeCleanly();
    long size = fixture.disk.size(FIRST_LOG);
    try (LogFile file = fixture.disk.open(FIRST_LOG, false)) {
      file.write(new ByteBuffer[] {ByteBuffer.allocate(30)}, size);
    }

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(fixture.log.logEndOffset()).isEqualTo(3);
    assertThat(fixture.disk.size(FIRST_LOG)).isEqualTo(size);
  }

  @Test
  void keepsProducersOverARestartAndACrash() throws Exception {
    fixture.append(Batches.idempotent(2, 10, LogFixture.NOW, 5, (short) 1, 0));
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(LogFixture.NOW));
    assertThat(fixture.append(Batches.idempotent(2, 10, 0, 5, (short) 1, 0)).duplicate()).isTrue();

    fixture.append(Batches.idempotent(1, 10, LogFixture.NOW, 5, (short) 1, 2));
    crashedAt(2);

    assertThat(fixture.append(Batches.idempotent(1, 10, 0, 5, (short) 1, 2)).duplicate()).isTrue();
    assertThat(fixture.append(Batches.idempotent(1, 10, 0, 5, (short) 1, 3)).duplicate()).isFalse();
  }

  @Test
  void snapshotsStayOnlyWhereSegmentsBeginAndAtTheNewestCheckpoint() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.fill(7);
      fixture.checkpoint();
      fixture.fill(10); // a segment begins meanwhile
    }
    fixture.checkpoint();

    assertThat(strays()).containsExactly(fixture.log.logEndOffset());
  }

  @Test
  void deletesSnapshotsThatNobodyWouldLoad() throws Exception {
    fixture.fill(200);
    fixture.closeCleanly();
    Path stray = LogFixture.DIR.resolve("00000000000000000003.snapshot");
    fixture.disk.writeAtomically(stray, new byte[10]);

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(strays()).containsExactly(200L);
  }

  /** Offsets of snapshots where no segment begins. */
  private List<Long> strays() throws IOException {
    List<Long> offsets = new ArrayList<>();
    for (String name : fixture.names()) {
      long offset = FileNames.offsetOf(Path.of(name));
      boolean begins =
          fixture.log.segments().stream().anyMatch(segment -> segment.baseOffset() == offset);
      if (name.endsWith(FileNames.SNAPSHOT) && !begins) {
        offsets.add(offset);
      }
    }
    return offsets;
  }

  @Test
  void doesNotUseASnapshotWhoseCrcDiffers() throws Exception {
    fixture.append(Batches.idempotent(2, 10, LogFixture.NOW, 5, (short) 1, 0));
    fixture.closeCleanly();
    Path snapshot = LogFixture.DIR.resolve("00000000000000000002.snapshot");
    fixture.damage(snapshot, 12);

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(fixture.log.producers()).extracting(ActiveProducer::producerId).containsExactly(5L);
    assertThat(fixture.disk.exists(snapshot)).isFalse();
  }

  @Test
  void finishesDeletionsAndDropsUnfinishedCompactions() throws Exception {
    fixture.fill(20);
    fixture.closeCleanly();
    fixture.disk.open(LogFixture.DIR.resolve("00000000000000000000.log.cleaned"), true);
    fixture.disk.open(LogFixture.DIR.resolve("00000000000000000003.log.deleted"), true);

    fixture.load(LoadOptions.clean(LogFixture.NOW));

    assertThat(fixture.names()).noneMatch(n -> n.endsWith(".cleaned") || n.endsWith(".deleted"));
    assertThat(fixture.readAll()).hasSize(20);
  }

  @Test
  void putsAFinishedCompactionInPlace() throws Exception {
    fixture.fill(20);
    fixture.checkpoint();
    SegmentView first = fixture.log.segments().get(0);
    SegmentView second = fixture.log.segments().get(1);
    CleanedSegment cleaned = new CleanedSegment(fixture.disk, LogFixture.DIR, 0, 0);
    LogSlice some = fixture.log.view().read(second.baseOffset(), 400, second.endOffset(), true);
    cleaned.append(some.read());
    some.release();
    cleaned.finish();

    crashedAt(20);

    assertThat(fixture.names()).noneMatch(n -> n.endsWith(".swap"));
    assertThat(fixture.readAll().get(0)).isEqualTo(second.baseOffset());
    assertThat(fixture.log.segments().get(0).baseOffset()).isEqualTo(first.baseOffset());
    assertThat(fixture.log.logEndOffset()).isEqualTo(20);
  }

  @Test
  void undoesACompactionWhoseResultIsDamagedWhileTheOldSegmentsAreThere() throws Exception {
    fixture.fill(20);
    fixture.checkpoint();
    Path damaged = damagedResultOf(fixture.log.segments().get(1));

    crashedAt(20);

    assertThat(fixture.disk.exists(damaged)).isFalse();
    assertThat(fixture.readAll()).hasSize(20);
  }

  @Test
  void saysWhenTheResultOfACompactionIsDamagedAndTheOldSegmentsAreGone() throws Exception {
    fixture.fill(20);
    fixture.checkpoint();
    SegmentView second = fixture.log.segments().get(1);
    Path damaged = damagedResultOf(second);
    fixture.disk.delete(FileNames.of(LogFixture.DIR, second.baseOffset(), FileNames.LOG));

    assertThatThrownBy(() -> crashedAt(20))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(damaged.toString());
  }

  private Path damagedResultOf(SegmentView segment) throws IOException {
    CleanedSegment cleaned =
        new CleanedSegment(fixture.disk, LogFixture.DIR, segment.baseOffset(), 0);
    LogSlice all = fixture.log.view().read(segment.baseOffset(), 400, segment.endOffset(), true);
    cleaned.append(all.read());
    all.release();
    cleaned.finish();
    Path swap = FileNames.of(LogFixture.DIR, segment.baseOffset(), FileNames.LOG + FileNames.SWAP);
    try (LogFile file = fixture.disk.open(swap, false)) {
      file.truncate(file.size() - 10);
    }
    return swap;
  }

  @Test
  void startsAtTheLogStartWhenTheFilesEndBelowIt() throws Exception {
    fixture.fill(5);
    fixture.flush();

    fixture.load(LoadOptions.crashed(0, 50, LogFixture.NOW));

    assertThat(fixture.log.logStartOffset()).isEqualTo(50);
    assertThat(fixture.log.logEndOffset()).isEqualTo(50);
    assertThat(fixture.append(Batches.of(1, 1, 0)).baseOffset()).isEqualTo(50);
  }

  @Test
  void readsOldFormatsOfAnImportedFolder() throws Exception {
    fixture.log.makeFiles();
    fixture.log.close();
    List<ByteBuffer> old = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SimpleRecord record = new SimpleRecord(LogFixture.NOW + i, null, ("v" + i).getBytes());
      byte magic = (byte) (i / 2);
      Compression codec = i % 2 == 0 ? Compression.NONE : Compression.gzip().build();
      old.add(
          MemoryRecords.withRecords(magic, i, codec, TimestampType.CREATE_TIME, record).buffer());
    }
    try (LogFile file = fixture.disk.open(FIRST_LOG, false)) {
      file.write(old.toArray(ByteBuffer[]::new), 0);
    }

    fixture.load(LoadOptions.clean(LogFixture.NOW));
    assertThat(fixture.log.logEndOffset()).isEqualTo(4);
    crashedAt(0);

    assertThat(fixture.log.logEndOffset()).isEqualTo(4);
    LogSlice slice = fixture.log.view().read(0, 10_000, Long.MAX_VALUE, true);
    List<String> values = new ArrayList<>();
    MemoryRecords.readableRecords(slice.read())
        .records()
        .forEach(
            r ->
                values.add(
                    new String(
                        r.value().array(),
                        r.value().arrayOffset() + r.value().position(),
                        r.valueSize())));
    slice.release();
    assertThat(values).containsExactly("v0", "v1", "v2", "v3");
    assertThat(fixture.log.offsetForTimestamp(LogFixture.NOW + 3, 4).offset()).isEqualTo(3);
  }

  private void crashedAt(long recoveryPoint) throws IOException {
    fixture.load(LoadOptions.crashed(recoveryPoint, 0, LogFixture.NOW));
    fixture.log.advanceHighWatermark(fixture.log.logEndOffset());
  }
}
