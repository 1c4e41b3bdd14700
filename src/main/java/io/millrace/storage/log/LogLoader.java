package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log from its folder: creates an empty one, trusts a clean one, hands a crashed one to
 * {@link LogRecovery}. The log that comes out belongs to nobody yet; hand it to its owner.
 *
 * <p>Thread-safe: loads of different folders run side by side.
 */
public final class LogLoader {
  private static final Logger LOGGER = LoggerFactory.getLogger(LogLoader.class);

  private final LogFiles files;
  private final Path dir;
  private final LogConfig config;
  private final LoadOptions options;
  private final FolderFiles folder;
  private final ProducerTable producers;
  private final LeaderEpochs epochs;

  private boolean clean;
  private long snapshotOffset;
  private long scannedBytes;
  private long cutBytes;

  private LogLoader(
      LogFiles files, Path dir, LogConfig config, LoadOptions options, FolderFiles folder)
      throws IOException {
    this.files = files;
    this.dir = dir;
    this.config = config;
    this.options = options;
    this.clean = options.clean();
    this.producers = new ProducerTable(options.producers());
    this.folder = folder;
    this.epochs = readLeaderEpochs();
  }

  /**
   * What a load did.
   *
   * @param log the log
   * @param scannedBytes bytes of batches that were read and checked
   * @param cutBytes bytes that were cut off behind the last whole valid batch
   */
  public record Loaded(Log log, long scannedBytes, long cutBytes) {}

  /**
   * A log that nothing is on disk of; the caller knows that {@code dir} is missing or empty. Its
   * first append calls {@link Log#makeFiles}.
   */
  public static Log begin(
      LogFiles files, Path dir, TopicIdPartition id, LogConfig config, LoadOptions options) {
    try {
      return new LogLoader(files, dir, config, options, FolderFiles.NONE).load(id, true).log();
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read or written for " + dir, e);
    }
  }

  /**
   * Loads the log in {@code dir}. One that holds nothing begins as with {@link #begin}, save that
   * one which begins behind offset 0 gets its files at once.
   *
   * @throws CorruptLogException bytes that should be durable are not valid; says file and position
   * @throws IOException the disk failed
   */
  public static Loaded load(
      LogFiles files, Path dir, TopicIdPartition id, LogConfig config, LoadOptions options)
      throws IOException {
    boolean created = !files.exists(dir);
    FolderFiles folder = created ? FolderFiles.NONE : FolderFiles.tidy(files, dir);
    return new LogLoader(files, dir, config, options, folder).load(id, created);
  }

  private Loaded load(TopicIdPartition id, boolean created) throws IOException {
    LogSegments segments = loadSegments();
    segments.active().segment().closeIndexes(); // their entries are in memory
    long end = segments.active().nextOffset();
    long start = Math.max(options.logStartOffset(), segments.firstBase());
    if (start > end) {
      LOGGER.warn("{} ends at {}, below its log start {}: all segments go", dir, end, start);
      segments = restartAt(segments, start);
      end = start;
    }
    epochs.truncateFromEnd(end);
    epochs.truncateFromStart(start);
    deleteStraySnapshots(segments);
    long durable = clean ? end : Math.min(options.recoveryPoint(), end);
    FlushLedger flushes = new FlushLedger(durable, durable);
    if (segments.haveFiles()) {
      if (created) {
        flushes.folderCreated();
      } else if (!clean) {
        flushes.dirChanged();
      }
      writeMetadata(id, flushes);
    }
    LogParts parts =
        new LogParts(
            files,
            id,
            config,
            segments,
            producers,
            epochs,
            flushes,
            start,
            snapshotOffset,
            options.coldAfterBytes());
    return new Loaded(new Log(parts), scannedBytes, cutBytes);
  }

  private LogSegments loadSegments() throws IOException {
    if (folder.bases().isEmpty()) {
      refuseLoss();
      clean = false;
      if (folder.deleteOffsetFiles(files, dir) > 0) {
        files.forceDirectory(dir);
      }
      snapshotOffset = options.logStartOffset();
      producers.reset(snapshotOffset);
      if (snapshotOffset == 0) {
        return LogSegments.withoutFile(files, dir, 0, options.nowMs());
      }
      files.createDirectories(dir);
      return LogSegments.startingAt(files, dir, snapshotOffset, options.nowMs());
    }
    LogSegments trusted = clean ? trust() : null;
    if (trusted != null) {
      return trusted;
    }
    clean = false;
    LogRecovery recovery = new LogRecovery(files, dir, config, options, folder, producers, epochs);
    LogSegments recovered = recovery.run();
    snapshotOffset = recovery.snapshotOffset();
    scannedBytes = recovery.scannedBytes();
    cutBytes = recovery.cutBytes();
    return recovered;
  }

  /**
   * A folder that is there without the segments that were durable in it is no new log: what is
   * appended would get their offsets. One that is missing may be made anew, to be copied again.
   */
  private void refuseLoss() throws CorruptLogException {
    if (options.recoveryPoint() <= options.logStartOffset()) {
      return;
    }
    if (folder.names().isEmpty()) {
      LOGGER.warn(
          "{} had records up to offset {} and is empty: what no other replica has is lost",
          dir,
          options.recoveryPoint());
    } else {
      throw new CorruptLogException(
          FileNames.of(dir, options.logStartOffset(), FileNames.LOG),
          0,
          "the files of all segments are missing, and everything below offset %d was durable"
              .formatted(options.recoveryPoint()));
    }
  }

  /**
   * The log as it was closed: reads index files and the headers behind the last index entry. Null
   * when it is not as it was closed.
   */
  private @Nullable LogSegments trust() throws IOException {
    List<Long> bases = folder.bases();
    long base = bases.get(bases.size() - 1);
    Segment last = new Segment(files, dir, base);
    long size = last.log().size();
    ActiveSegment active = new ActiveSegment(files, last, options.nowMs());
    active.resume(last, Long.MAX_VALUE, (int) size);
    active.dropTornEntries();
    active.walkTo(size, config.indexIntervalBytes());
    if (active.sizeBytes() != size) {
      LOGGER.warn(
          "{} holds no whole batch at position {} although it was closed properly; it is recovered",
          last.logFile().path(),
          active.sizeBytes());
      last.close();
      return null;
    }
    if (options.recoveryPoint() > 0 && options.recoveryPoint() != active.nextOffset()) {
      // A clean stop leaves the point at the end of each log that it closed: either files are
      // missing, or this one had gone offline before and was not closed with the others.
      LOGGER.warn(
          "{} ends at offset {} and was closed at offset {}; it is recovered",
          dir,
          active.nextOffset(),
          options.recoveryPoint());
      last.close();
      return null;
    }
    last.txnIndex().load(Long.MAX_VALUE);
    List<SegmentExtent> sealed = new ArrayList<>();
    for (int i = 0; i < bases.size() - 1; i++) {
      sealed.add(LogRecovery.trusted(files, dir, config, folder, bases.get(i), bases.get(i + 1)));
    }
    LogSegments segments = new LogSegments(files, dir, sealed, active);
    loadProducers(segments);
    return segments;
  }

  private void loadProducers(LogSegments segments) throws IOException {
    long end = segments.active().nextOffset();
    long start = Math.max(options.logStartOffset(), segments.firstBase());
    if (ProducerReplay.hasSnapshot(folder)) {
      snapshotOffset = ProducerReplay.reload(files, segments, producers, start, options.nowMs());
    } else {
      snapshotOffset = start;
      producers.reset(end);
    }
  }

  /** Those that nobody would load: neither the newest, nor at the begin of a segment. */
  private void deleteStraySnapshots(LogSegments segments) throws IOException {
    for (String name : folder.names()) {
      Path file = dir.resolve(name);
      if (FileNames.is(file, FileNames.SNAPSHOT)) {
        long offset = FileNames.offsetOf(file);
        if (offset >= 0 && offset != snapshotOffset && !segments.hasBase(offset)) {
          files.delete(file);
        }
      }
    }
  }

  private LogSegments restartAt(LogSegments old, long offset) throws IOException {
    for (Segment segment : old.held()) {
      segment.deleteFiles();
    }
    folder.deleteOffsetFiles(files, dir);
    clean = false;
    snapshotOffset = offset;
    producers.reset(offset);
    epochs.clear();
    return LogSegments.startingAt(files, dir, offset, options.nowMs());
  }

  private LeaderEpochs readLeaderEpochs() throws IOException {
    if (!folder.names().contains(FileNames.LEADER_EPOCHS)) {
      return new LeaderEpochs();
    }
    Path file = dir.resolve(FileNames.LEADER_EPOCHS);
    try {
      return LeaderEpochs.decode(files.readAll(file));
    } catch (IllegalArgumentException e) {
      LOGGER.warn("{} is not used: {}", file, e.getMessage());
      clean = false;
      return new LeaderEpochs();
    }
  }

  private void writeMetadata(TopicIdPartition id, FlushLedger flushes) throws IOException {
    Path file = dir.resolve(FileNames.PARTITION_METADATA);
    if (folder.has(file) && isReadable(file)) {
      return;
    }
    files.delete(file);
    writeNew(files, file, id);
    flushes.looseFile(file);
  }

  /** Writes the topic's id, without a force. */
  private static void writeNew(LogFiles files, Path file, TopicIdPartition id) throws IOException {
    try (LogFile out = files.open(file, true)) {
      byte[] content = new PartitionMetadata(id.topicId()).encode();
      out.write(new ByteBuffer[] {ByteBuffer.wrap(content)}, 0);
    }
  }

  /** Makes folder and files of a log that has none yet. */
  static void makeFiles(
      LogFiles files, TopicIdPartition id, LogSegments segments, FlushLedger flushes)
      throws IOException {
    Path home = segments.dir().toAbsolutePath().getParent();
    if (!files.exists(home)) {
      throw new NoSuchFileException(home.toString()); // its disk may come back
    }
    files.createDirectories(segments.dir());
    Path metadata = segments.dir().resolve(FileNames.PARTITION_METADATA);
    files.delete(metadata); // a crash or a full disk may have left a part of it
    writeNew(files, metadata, id);
    segments.makeFile();
    flushes.looseFile(metadata);
    flushes.folderCreated();
  }

  private boolean isReadable(Path file) throws IOException {
    try {
      PartitionMetadata.decode(files.readAll(file));
      return true;
    } catch (IllegalArgumentException e) {
      LOGGER.info("{} is written anew: {}", file, e.getMessage());
      return false;
    }
  }
}
