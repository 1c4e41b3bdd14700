package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One seeded run of a log on a simulated disk, with the checkpoint files that its folder would
 * keep. It plays shard, flusher and housekeeping in random order.
 */
final class LogSchedule {
  static final TopicPartition PARTITION = new TopicPartition("topic", 0);
  private static final TopicIdPartition ID = new TopicIdPartition(new Uuid(1, 2), PARTITION);
  private static final Path ROOT = Path.of("/data");
  private static final Path DIR = ROOT.resolve("topic-0");
  private static final Path RECOVERY_POINTS = ROOT.resolve(OffsetCheckpoint.RECOVERY_POINTS);
  private static final Path LOG_STARTS = ROOT.resolve(OffsetCheckpoint.LOG_STARTS);

  final SimDisk disk;
  final LogHistory history = new LogHistory();
  private final Random random;
  private final LogConfig config;
  private final Map<Long, Integer> sequences = new HashMap<>();
  private final List<LogSlice> held = new ArrayList<>();

  private final List<String> trace = new ArrayList<>();

  private @Nullable FlushWork inFlight;
  private long nowMs = 1_700_000_000_000L;
  private int epoch;
  // Nothing is cut below: only what is committed is compacted, and that is never cut.
  private long compactedEnd;
  Log log;
  LogLoader.Loaded loaded;

  LogSchedule(long seed) throws IOException {
    this.disk = new SimDisk(seed);
    this.random = new Random(seed * 31 + 7);
    this.config =
        LogConfig.of(
            Map.of(
                "segment.bytes", String.valueOf(900 + random.nextInt(3000)),
                "index.interval.bytes", String.valueOf(random.nextInt(600)),
                "retention.bytes", String.valueOf(2000 + random.nextInt(6000)),
                "file.delete.delay.ms", String.valueOf(random.nextInt(3) * 50)));
    disk.createDirectories(ROOT);
    disk.forceDirectory(Path.of("/"));
    disk.forceDirectory(ROOT);
    load(LoadOptions.clean(nowMs));
  }

  private void load(LoadOptions options) throws IOException {
    loaded = LogLoader.load(disk, DIR, ID, config, options);
    log = loaded.log();
    inFlight = null;
    held.clear();
  }

  /** Does {@code count} random things. */
  void run(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  private void step() throws Exception {
    nowMs += random.nextInt(40);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> append();
      case 7, 8, 9 -> write();
      case 10, 11 -> beginFlush();
      case 12, 13 -> finishFlush();
      case 14 -> checkpoint();
      case 15 -> retention();
      case 16 -> deletions();
      case 17 -> hold();
      case 18 -> release();
      default -> rare();
    }
  }

  private void rare() throws Exception {
    switch (random.nextInt(8)) {
      case 6, 7 -> compact();
      case 0, 1 -> truncate();
      case 2 -> restartCleanly();
      case 3 -> epoch++;
      case 4 -> truncateFully();
      default -> log.rollIfDue(nowMs + config.segmentMs());
    }
  }

  private void append() throws Exception {
    int count = 1 + random.nextInt(4);
    int valueBytes = random.nextInt(150);
    ByteBuffer batch;
    if (random.nextBoolean()) {
      long producer = random.nextInt(3);
      int sequence = sequences.getOrDefault(producer, 0);
      batch = Batches.idempotent(count, valueBytes, nowMs, producer, (short) 0, sequence);
      sequences.put(producer, sequence + count);
    } else {
      batch = Batches.of(count, valueBytes, nowMs);
    }
    log.append(batch, AppendOrigin.COORDINATOR, epoch, nowMs);
    history.appended(batch);
    trace.add("append " + Batches.baseOffsets(batch));
  }

  private void write() throws IOException {
    trace.add("write");
    log.writePending();
    if (random.nextBoolean()) {
      log.advanceHighWatermark(log.view().logEndOffset());
    }
  }

  private void beginFlush() throws IOException {
    if (inFlight == null) {
      inFlight = log.beginFlush();
      trace.add("flush " + inFlight.upToOffset());
    }
  }

  private void finishFlush() throws IOException {
    if (inFlight != null) {
      inFlight.run();
      trace.add("report");
      report(inFlight);
      inFlight = null;
    }
  }

  private void report(FlushWork work) {
    log.flushed(work);
    if (work.truncationCount() == log.truncationCount()) {
      history.flushed(work.upToOffset());
      assertThat(log.flushedOffset()).isGreaterThanOrEqualTo(work.upToOffset());
    }
  }

  private void checkpoint() throws IOException {
    trace.add("checkpoint " + log.logEndOffset());
    FlushWork work = log.beginCheckpoint();
    work.run();
    report(work);
    writeCheckpoint(RECOVERY_POINTS, log.recoveryPoint());
  }

  private void writeCheckpoint(Path file, long offset) throws IOException {
    disk.writeAtomically(file, OffsetCheckpoint.encode(Map.of(PARTITION, offset)));
  }

  private void retention() throws IOException {
    RetentionStep due = log.retentionDue(nowMs);
    if (due != null) {
      log.advanceLogStart(due.newLogStartOffset());
      trace.add("log start " + due);
      writeCheckpoint(LOG_STARTS, log.logStartOffset());
      history.startIsDurable(log.logStartOffset());
      log.removeSegmentsBelow(log.logStartOffset(), nowMs);
    }
  }

  private void deletions() throws IOException {
    for (DoomedSegment doomed : log.deletionsDue(nowMs)) {
      doomed.delete();
    }
  }

  private void hold() {
    LogView view = log.view();
    LogSlice slice = view.read(view.logStartOffset(), 500, Long.MAX_VALUE, true);
    if (slice != null) {
      held.add(slice);
    }
  }

  private void release() {
    if (!held.isEmpty()) {
      LogSlice slice = held.remove(random.nextInt(held.size()));
      ByteBuffer bytes = slice.read();
      BatchCheck.checkWhole(bytes);
      slice.release();
    }
  }

  private void compact() throws Exception {
    long durable = readCheckpoint(RECOVERY_POINTS);
    List<HeldSegment> sources = log.holdSealed(Math.min(durable, log.highWatermark()));
    if (sources.isEmpty()) {
      return;
    }
    int from = random.nextInt(sources.size());
    int to = Math.min(sources.size(), from + 1 + random.nextInt(3));
    List<HeldSegment> group = sources.subList(from, to);
    long base = group.get(0).baseOffset();
    long end = group.get(group.size() - 1).endOffset();
    trace.add("compact " + base + " to " + end);
    compactedEnd = Math.max(compactedEnd, end);
    CleanedSegment cleaned = new CleanedSegment(disk, DIR, base, random.nextInt(300));
    for (HeldSegment source : group) {
      copySome(source, cleaned);
    }
    sources.forEach(HeldSegment::release);
    cleaned.finish();
    if (random.nextInt(5) == 0) {
      cleaned.abandon();
      return;
    }
    SwapWork work = log.replaceSegments(base, end, List.of(cleaned), durable, nowMs);
    if (random.nextBoolean()) {
      append();
      log.writePending();
    }
    work.run();
    log.swapped(work);
  }

  private void copySome(HeldSegment source, CleanedSegment into) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) source.sizeBytes());
    source.log().read(bytes, 0);
    bytes.flip();
    BatchView batch = new BatchView();
    for (int at = 0; at < bytes.limit(); at = batch.end()) {
      batch.wrap(bytes, at);
      if (!batch.hasProducerId() && random.nextInt(2) == 0) {
        history.compacting(batch.baseOffset());
      } else {
        into.append(batch.bytes());
      }
    }
  }

  private void truncate() throws IOException {
    log.writePending();
    cut(history.someEnd(random, Math.max(log.logStartOffset(), compactedEnd)), false);
  }

  private void truncateFully() throws IOException {
    if (random.nextInt(4) == 0 && log.logStartOffset() == 0 && compactedEnd == 0) {
      log.writePending();
      cut(0, true);
    }
  }

  private void cut(long offset, boolean fully) throws IOException {
    trace.add("truncate " + (fully ? "fully " : "") + offset + " of " + log.logEndOffset());
    history.truncating(offset);
    log.lowerRecoveryPoint(offset);
    writeCheckpoint(RECOVERY_POINTS, log.recoveryPoint());
    FlushWork work =
        fully ? log.truncateFullyAndStartAt(offset, nowMs) : log.truncateTo(offset, nowMs);
    if (work != null) {
      work.run();
      report(work);
      history.truncated(offset);
      sequences.clear();
    }
  }

  private void restartCleanly() throws Exception {
    trace.add("restart");
    held.clear();
    checkpoint();
    long end = log.logEndOffset();
    log.close();
    long read = disk.bytesRead();
    load(options(true));
    assertThat(loaded.scannedBytes()).as("a clean start scans nothing").isZero();
    assertThat(disk.bytesRead() - read).isLessThan(40_000);
    assertThat(log.logEndOffset()).isEqualTo(end);
    history.check(log);
  }

  /** Starts again after a crash and checks what is there. */
  void recover() throws Exception {
    trace.add("crash; recovery point " + readCheckpoint(RECOVERY_POINTS));
    try {
      load(options(false));
      history.check(log);
    } catch (AssertionError | CorruptLogException e) {
      throw new AssertionError(e.getMessage() + "\nfiles: " + names() + "\nsteps: " + trace, e);
    }
    assertThat(loaded.scannedBytes()).isLessThanOrEqualTo(200_000);
    log.advanceHighWatermark(log.logEndOffset());
    sequences.clear();
    log.producers().forEach(p -> sequences.put(p.producerId(), p.lastSequence() + 1));
  }

  private List<Path> names() throws IOException {
    return disk.exists(DIR) ? disk.list(DIR) : List.of();
  }

  private LoadOptions options(boolean clean) throws IOException {
    return new LoadOptions(
        clean,
        readCheckpoint(RECOVERY_POINTS),
        readCheckpoint(LOG_STARTS),
        nowMs,
        ProducerMemory.unlimited(LoadOptions.DEFAULT_PRODUCER_ID_EXPIRATION_MS),
        LoadOptions.DEFAULT_COLD_AFTER_BYTES);
  }

  private long readCheckpoint(Path file) throws IOException {
    return disk.exists(file)
        ? OffsetCheckpoint.decode(disk.readAll(file)).getOrDefault(PARTITION, 0L)
        : 0;
  }
}
