package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** A log on a simulated disk, with short ways to use it. */
final class LogFixture {
  static final long NOW = 1_700_000_000_000L;
  static final Path DIR = Path.of("/data/topic-0");
  static final TopicIdPartition ID =
      new TopicIdPartition(new Uuid(1, 2), new TopicPartition("topic", 0));

  final SimDisk disk = new SimDisk(1);
  final LogConfig config;
  LogLoader.Loaded loaded;
  Log log;

  LogFixture(Map<String, String> overrides) throws IOException {
    config = LogConfig.of(overrides);
    disk.createDirectories(DIR.getParent());
    disk.forceDirectory(DIR.getParent());
    load(LoadOptions.clean(NOW));
  }

  /** Segments of about {@code segmentBytes}, an index entry for each batch. */
  static LogFixture small(int segmentBytes) throws IOException {
    return new LogFixture(
        Map.of(
            "segment.bytes", String.valueOf(segmentBytes),
            "index.interval.bytes", "0",
            "file.delete.delay.ms", "1000"));
  }

  Log load(LoadOptions options) throws IOException {
    loaded = LogLoader.load(disk, DIR, ID, config, options);
    log = loaded.log();
    return log;
  }

  LogAppend append(ByteBuffer batches) throws Exception {
    LogAppend append = log.append(batches, AppendOrigin.CLIENT, 0, NOW);
    log.writePending();
    log.advanceHighWatermark(log.logEndOffset());
    return append;
  }

  /** Appends {@code count} batches of one record of about 100 bytes. */
  void fill(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      append(Batches.of(1, 100, NOW + log.logEndOffset()));
    }
  }

  void checkpoint() throws IOException {
    FlushWork work = log.beginCheckpoint();
    work.run();
    log.flushed(work);
  }

  void flush() throws IOException {
    FlushWork work = log.beginFlush();
    work.run();
    log.flushed(work);
  }

  void closeCleanly() throws IOException {
    checkpoint();
    log.close();
  }

  /** Base offsets of the batches that one read gives. */
  List<Long> read(long offset, int maxBytes, long upTo, boolean minOne) {
    LogSlice slice = log.view().read(offset, maxBytes, upTo, minOne);
    try {
      return Batches.baseOffsets(slice.read());
    } finally {
      slice.release();
    }
  }

  /** Base offsets of all batches from the log start on. */
  List<Long> readAll() {
    List<Long> all = new ArrayList<>();
    LogView view = log.view();
    long at = view.logStartOffset();
    while (at < view.logEndOffset()) {
      LogSlice slice = view.read(at, 700, Long.MAX_VALUE, true);
      ByteBuffer bytes = slice.read();
      slice.release();
      if (!bytes.hasRemaining()) {
        break;
      }
      all.addAll(Batches.baseOffsets(bytes));
      at = Batches.nextOffset(bytes);
    }
    return all;
  }

  List<String> names() throws IOException {
    return disk.list(DIR).stream().map(path -> path.getFileName().toString()).toList();
  }

  /** Overwrites a byte of a file. */
  void damage(Path file, long position) throws IOException {
    try (LogFile open = disk.open(file, false)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      open.read(one, position);
      one.put(0, (byte) ~one.get(0));
      open.write(new ByteBuffer[] {one.rewind()}, position);
    }
  }
}
