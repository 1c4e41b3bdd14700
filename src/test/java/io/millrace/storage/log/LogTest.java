package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.DiskFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final TopicIdPartition ID =
      new TopicIdPartition(new Uuid(1, 2), new TopicPartition("topic", 0));

  private final DiskFiles files = new DiskFiles();
  @TempDir Path folder;

  @Test
  void assignsOffsetsAndEpochInPlaceAndReadsThemBack() throws Exception {
    Log log = open(Map.of());
    ByteBuffer first = Batches.of(3, 10, NOW);
    ByteBuffer second = Batches.of(2, 10, NOW);

    LogAppend a = log.append(first, AppendOrigin.CLIENT, 7, NOW);
    LogAppend b = log.append(second, AppendOrigin.CLIENT, 7, NOW);

    assertThat(a.baseOffset()).isZero();
    assertThat(a.lastOffset()).isEqualTo(2);
    assertThat(b.baseOffset()).isEqualTo(3);
    assertThat(log.logEndOffset()).isEqualTo(5);
    assertThat(log.view().logEndOffset()).isZero();
    log.writePending();
    assertThat(log.view().logEndOffset()).isEqualTo(5);
    assertThat(read(log, 0)).containsExactly(0L, 3L);
    assertThat(read(log, 4)).containsExactly(3L);
    assertThat(log.leaderEpochAt(4)).isEqualTo(7);
  }

  @Test
  void readsAcrossSegmentsAfterRollsAndAfterACleanRestart() throws Exception {
    Map<String, String> small = Map.of("segment.bytes", "1048576", "index.interval.bytes", "200");
    Log log = open(small);
    for (int i = 0; i < 3000; i++) {
      log.append(Batches.of(2, 1000, NOW + i), AppendOrigin.CLIENT, 0, NOW);
      if (i % 7 == 0) {
        log.writePending();
      }
    }
    log.writePending();
    assertThat(log.segments()).hasSizeGreaterThan(4);
    assertThat(readAll(log)).hasSize(3000);
    close(log);

    LogLoader.Loaded again = load(small, LoadOptions.clean(NOW));

    assertThat(again.scannedBytes()).isZero();
    assertThat(again.log().logEndOffset()).isEqualTo(6000);
    assertThat(readAll(again.log())).hasSize(3000);
    assertThat(again.log().append(Batches.of(1, 1, NOW), AppendOrigin.CLIENT, 0, NOW).baseOffset())
        .isEqualTo(6000);
  }

  private static List<Long> readAll(Log log) {
    List<Long> offsets = new ArrayList<>();
    long at = log.logStartOffset();
    while (at < log.view().logEndOffset()) {
      LogSlice slice = log.view().read(at, 5000, Long.MAX_VALUE, true);
      ByteBuffer bytes = slice.read();
      slice.release();
      List<Long> bases = Batches.baseOffsets(bytes);
      assertThat(bases).isNotEmpty();
      offsets.addAll(bases);
      at = bases.get(bases.size() - 1) + 2;
    }
    return offsets;
  }

  private static List<Long> read(Log log, long offset) {
    LogSlice slice = log.view().read(offset, 1 << 20, Long.MAX_VALUE, true);
    try {
      return Batches.baseOffsets(slice.read());
    } finally {
      slice.release();
    }
  }

  private Log open(Map<String, String> overrides) throws IOException {
    return load(overrides, LoadOptions.clean(NOW)).log();
  }

  private LogLoader.Loaded load(Map<String, String> overrides, LoadOptions options)
      throws IOException {
    return LogLoader.load(files, folder.resolve("topic-0"), ID, LogConfig.of(overrides), options);
  }

  private static void close(Log log) throws IOException {
    FlushWork work = log.beginCheckpoint();
    work.run();
    log.flushed(work);
    log.close();
  }
}
