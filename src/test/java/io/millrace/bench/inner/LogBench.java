package io.millrace.bench.inner;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogLoader;
import io.millrace.storage.log.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One partition's log on a real disk: appends batches of 16 KB, and finds where to read from. The
 * log is a fresh one for each iteration, of ten thousand batches to look things up in, and small
 * segments go as soon as there are many, so that no disk fills up.
 */
@State(Scope.Thread)
public class LogBench {
  private static final int RECORDS_PER_BATCH = 15;
  private static final int READ_BYTES = 1 << 20;
  private static final Map<String, String> SETTINGS = Map.of("segment.bytes", "67108864");
  private static final int KEPT_BATCHES = 20_000;

  private final ByteBuffer batch = direct(SampleBatch.of(RECORDS_PER_BATCH, 1024));
  private final SplittableRandom random = new SplittableRandom(7);

  /** Batches in the log before an iteration begins. */
  int batches = 10_000;

  private Path folder;
  private Log log;

  private static ByteBuffer direct(ByteBuffer heap) {
    return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
  }

  /** Makes the log and fills it. */
  @Setup(Level.Iteration)
  public void open() throws Exception {
    folder = Files.createTempDirectory("millrace-log-bench");
    TopicIdPartition id = new TopicIdPartition(new Uuid(1, 2), new TopicPartition("bench", 0));
    log =
        LogLoader.load(
                new DiskFiles(),
                folder.resolve("bench-0"),
                id,
                LogConfig.of(SETTINGS),
                LoadOptions.clean(SampleBatch.NOW_MS))
            .log();
    for (int i = 0; i < batches; i++) {
      append();
    }
  }

  /** Appends one batch, writes it, and shows it to readers. */
  @Benchmark
  public LogAppend append() throws Exception {
    LogAppend appended = log.append(batch, AppendOrigin.CLIENT, 0, SampleBatch.NOW_MS);
    log.writePending();
    log.advanceHighWatermark(log.logEndOffset());
    forget();
    return appended;
  }

  private void forget() throws IOException {
    long kept = log.logEndOffset() - (long) KEPT_BATCHES * RECORDS_PER_BATCH;
    if (kept > log.logStartOffset() && log.logEndOffset() % 4096 < RECORDS_PER_BATCH) {
      log.advanceLogStart(kept);
      log.removeSegmentsBelow(kept, SampleBatch.NOW_MS);
      for (var doomed : log.deletionsDue(Long.MAX_VALUE)) {
        doomed.delete();
      }
    }
  }

  /** Finds the batch of an offset anywhere in the log. */
  @Benchmark
  public long lookUp() {
    long from = random.nextLong(log.logStartOffset(), log.logEndOffset());
    LogSlice slice = log.view().read(from, READ_BYTES, Long.MAX_VALUE, true);
    try {
      return slice.position();
    } finally {
      slice.release();
    }
  }

  /** Removes the log. */
  @TearDown(Level.Iteration)
  public void remove() throws IOException {
    log.close();
    List<Path> all;
    try (var found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
