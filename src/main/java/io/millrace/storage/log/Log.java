package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition's log. It never forces: {@link #beginFlush} says what to force, and {@link
 * #flushed} takes the report. After an {@link IOException} the log must not be used any more: its
 * folder goes offline.
 *
 * <p>Confined to: the shard that owns the partition, except {@link #view}.
 */
public final class Log {
  private final LogFiles files;
  private final TopicIdPartition id;
  private final ProducerTable producers;
  private final LeaderEpochs epochs;
  private final PendingBatches pending = new PendingBatches();
  private final long coldAfterBytes;
  private final Supplier<LogView> newestView = this::view;
  private final BatchView batch = new BatchView();

  // Confined to: the log's owner.
  private LogSegments segments;
  private FlushLedger flushes;
  private Checkpoints checkpoints;
  private LogConfig config;
  // The active segment up to what is in the file; queued batches are not in it.
  private SegmentExtent written;
  private long logStartOffset;
  private long highWatermark;
  private boolean swapping;

  private volatile LogView view;

  /** A loaded log; see {@link LogLoader}. */
  Log(LogParts parts) {
    this.files = parts.files();
    this.id = parts.id();
    this.config = parts.config();
    this.segments = parts.segments();
    this.producers = parts.producers();
    this.epochs = parts.epochs();
    this.flushes = parts.flushes();
    this.logStartOffset = parts.logStartOffset();
    this.highWatermark = parts.logStartOffset();
    this.checkpoints = new Checkpoints(parts);
    this.coldAfterBytes = parts.coldAfterBytes();
    this.written = segments.active().extent();
    this.view = makeView();
  }

  /** What readers see. Any thread; one volatile read. */
  public LogView view() {
    return view;
  }

  /** The partition. */
  public TopicIdPartition id() {
    return id;
  }

  /** The folder that holds the files. */
  public Path dir() {
    return segments.dir();
  }

  /** The folder was renamed; files that are open stay open. */
  public void moved(Path newDir) {
    segments.moved(newDir);
  }

  /** The settings in force. */
  public LogConfig config() {
    return config;
  }

  /** Changes the settings; they act from the next append, roll or retention on. */
  public void reconfigure(LogConfig config) {
    this.config = config;
  }

  /**
   * Checks producer ids, epochs and sequences, writes offsets and leader epoch into the buffer, and
   * queues its bytes, without a copy: the buffer must stay as it is until {@link #writePending}
   * returned. Rolls the active segment when it is due.
   *
   * @param batches whole v2 batches from position to limit, checked by the caller (CRC, counts);
   *     position and limit stay
   * @param leaderEpoch epoch to assign; ignored for {@code REPLICATION}
   * @throws AppendException refused; nothing was queued
   * @throws IOException when {@link #logEndOffset} is the same as before, nothing was queued
   */
  public LogAppend append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch, long nowMs)
      throws AppendException, IOException {
    if (flushes.isTruncationUnforced()) {
      throw new IllegalStateException("the truncation of " + id + " was not reported yet");
    }
    AppendPlan plan = AppendPlan.of(batches, origin, logEndOffset(), producers, config, nowMs);
    boolean duplicate = plan.duplicate() != null;
    if (!duplicate && plan.bytes() > 0) {
      makeFiles();
      rollIfFullFor(plan, nowMs);
      stamp(batches, origin, leaderEpoch);
      pending.add(batches.duplicate());
    }
    return new LogAppend(
        plan.firstOffset(),
        plan.nextOffset() - 1,
        plan.logAppendTimeMs(),
        logStartOffset,
        duplicate);
  }

  /**
   * Whether there are files: a log that begins has none before its first record, so that an empty
   * partition takes nothing of the disk but its folder.
   */
  public boolean hasFiles() {
    return segments.haveFiles();
  }

  /** Makes the files of a log that begins; no effect when it has them. */
  public void makeFiles() throws IOException {
    if (!segments.haveFiles()) {
      LogLoader.makeFiles(files, id, segments, flushes);
    }
  }

  /** Writes offsets and epoch into the batches and takes them into indexes and producer state. */
  private void stamp(ByteBuffer batches, AppendOrigin origin, int leaderEpoch) throws IOException {
    ActiveSegment active = segments.active();
    for (int at = batches.position(); at < batches.limit(); at = batch.end()) {
      batch.wrap(batches, at);
      if (origin != AppendOrigin.REPLICATION) {
        batch.setBaseOffset(active.nextOffset());
        batch.setLeaderEpoch(leaderEpoch);
      }
      epochs.assign(batch.leaderEpoch(), batch.baseOffset());
      active.add(
          batch.lastOffset(), batch.maxTimestamp(), batch.sizeBytes(), config.indexIntervalBytes());
      AbortedTxn aborted = producers.apply(batch);
      if (aborted != null) {
        active.segment().txnIndex().add(aborted);
      }
    }
  }

  /** Copies what is queued: the buffers that were appended are not needed any more. */
  public void keepPending() {
    pending.keep();
  }

  /** Whether appended batches wait for {@link #writePending}. */
  public boolean hasPending() {
    return !pending.isEmpty();
  }

  /**
   * Writes what is queued with one gathering write per segment and publishes the new view. When
   * that fails it stays queued, and may be written again.
   */
  public void writePending() throws IOException {
    if (!pending.isEmpty()) {
      flushes.wrote(pending.writeTo(segments.active()));
      publishWritten();
    }
  }

  /** Offset that the next record gets; counts queued batches. */
  public long logEndOffset() {
    return segments.active().nextOffset();
  }

  /** First offset that may be read. */
  public long logStartOffset() {
    return logStartOffset;
  }

  /** First offset that is not yet committed. */
  public long highWatermark() {
    return highWatermark;
  }

  /** Offset below which everything was reported as forced. */
  public long flushedOffset() {
    return flushes.flushedOffset();
  }

  /** Offset from which a recovery scans; goes into the folder's recovery point checkpoint. */
  public long recoveryPoint() {
    return flushes.recoveryPoint();
  }

  /** How often the log was truncated since it was opened. */
  public long truncationCount() {
    return flushes.truncationCount();
  }

  /** Bytes of all segments. */
  public long sizeBytes() {
    return view.sizeBytes();
  }

  /** Bytes written since the last recovery point. */
  public long bytesSinceRecoveryPoint() {
    return flushes.bytesSinceCheckpoint();
  }

  /** Moves the high watermark up, at most to the written end; never down. */
  public void advanceHighWatermark(long highWatermark) {
    long to = Math.min(highWatermark, view.logEndOffset());
    if (to > this.highWatermark) {
      this.highWatermark = to;
      producers.onHighWatermark(to);
      publish();
    }
  }

  /**
   * Moves the log start up (DeleteRecords, retention); never down. No file changes.
   *
   * @throws IllegalArgumentException behind the high watermark
   */
  public void advanceLogStart(long logStartOffset) {
    if (logStartOffset > highWatermark) {
      throw new IllegalArgumentException(
          "log start " + logStartOffset + " is behind the high watermark " + highWatermark);
    }
    if (logStartOffset > this.logStartOffset) {
      this.logStartOffset = logStartOffset;
      epochs.truncateFromStart(logStartOffset);
      publish();
    }
  }

  /** Nothing is queued: what the active segment counts is in its file. */
  private void publishWritten() {
    written = segments.active().extent();
    publish();
  }

  private void publish() {
    view = makeView();
  }

  private LogView makeView() {
    return new LogView(
        newestView,
        segments.sealed(),
        written,
        logStartOffset,
        highWatermark,
        Math.min(highWatermark, producers.firstUnstableOffset()),
        coldAfterBytes);
  }

  // Flushing.

  /** Work that makes everything written so far durable. */
  public FlushWork beginFlush() {
    return checkpoints.flush(view.logEndOffset());
  }

  /**
   * Work like {@link #beginFlush} that also writes and forces indexes, producer snapshot and leader
   * epochs, so that its report moves {@link #recoveryPoint}.
   */
  public FlushWork beginCheckpoint() throws IOException {
    writePending();
    return checkpoints.checkpoint(view.logEndOffset());
  }

  /** Takes the report of work whose {@code run} returned; ignored when the log was truncated. */
  public void flushed(FlushWork report) {
    report.release();
    flushes.report(report);
    if (report.isCheckpoint()) {
      segments.active().segment().closeForcedIndexes();
    }
  }

  /** Gives work back that failed or was never run. */
  public void flushFailed(FlushWork work) {
    work.release();
    checkpoints.failed(work);
  }

  /** Lowers the recovery point, before a truncation; write the checkpoint then. */
  public void lowerRecoveryPoint(long offset) {
    flushes.lowerRecoveryPoint(offset);
  }

  // Segments.

  private void rollIfFullFor(AppendPlan plan, long nowMs) throws IOException {
    if (segments.isFullFor(
        config, plan.bytes(), plan.nextOffset() - 1, plan.maxTimestampMs(), nowMs)) {
      roll(Math.max(plan.firstOffset(), logEndOffset()), nowMs);
    }
  }

  private void roll(long baseOffset, long nowMs) throws IOException {
    writePending();
    segments.roll(baseOffset, nowMs);
    flushes.dirChanged();
    publishWritten();
    checkpoints.snapshotAtRoll(baseOffset);
  }

  /** Rolls when the active segment is older than {@code segment.ms}. */
  public boolean rollIfDue(long nowMs) throws IOException {
    ActiveSegment active = segments.active();
    if (active.sizeBytes() == 0 || nowMs - active.createdMs() <= config.rollMs()) {
      return false;
    }
    roll(logEndOffset(), nowMs);
    return true;
  }

  /** Segments, oldest first. */
  public List<SegmentView> segments() {
    return segments.describe();
  }

  /**
   * What {@code retention.ms}, {@code retention.bytes} and the log start delete now. Do: {@link
   * #advanceLogStart}, write the folder's log start checkpoint, {@link #removeSegmentsBelow}.
   *
   * @return null when nothing is due
   */
  public @Nullable RetentionStep retentionDue(long nowMs) throws IOException {
    return Retention.due(view, config, nowMs);
  }

  /**
   * Renames segments that lie wholly below the log start to {@code .deleted}.
   *
   * @param durableLogStart the log start that the folder's checkpoint holds
   * @return number of segments
   */
  public int removeSegmentsBelow(long durableLogStart, long nowMs) throws IOException {
    if (swapping) {
      return 0;
    }
    long below = Math.min(durableLogStart, logStartOffset);
    if (below >= logEndOffset() && segments.active().sizeBytes() > 0) {
      roll(logEndOffset(), nowMs);
    }
    List<SegmentExtent> gone = segments.takeBelow(below);
    if (!gone.isEmpty()) {
      publish();
      segments.doom(gone, deleteAtMs(nowMs));
      flushes.dirChanged();
    }
    return gone.size();
  }

  /** When files that leave now are deleted: never, where the delay goes past the end of time. */
  private long deleteAtMs(long nowMs) {
    long delayMs = config.fileDeleteDelayMs();
    return delayMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + delayMs;
  }

  /** Segments that left the log, are held by nobody, and whose delay has passed. */
  public List<DoomedSegment> deletionsDue(long nowMs) {
    return swapping ? List.of() : segments.deletionsDue(nowMs);
  }

  // Compaction.

  /** Holds the sealed segments that end at or below {@code belowOffset}; release each. */
  public List<HeldSegment> holdSealed(long belowOffset) {
    return Arrays.stream(segments.sealed())
        .filter(extent -> extent.endOffset() <= belowOffset)
        .map(HeldSegment::new)
        .toList();
  }

  /**
   * Puts compacted segments in the place of those that they were made from. Readers see them at
   * once.
   *
   * @param fromBase base offset of the first replaced segment, and of the first new one
   * @param endOffset where the last replaced segment ends
   * @param by finished segments in order; their base offsets are those of replaced ones
   * @param durableRecoveryPoint the recovery point that the folder's checkpoint holds: behind it
   *     nothing may be compacted, for a recovery takes gaps there for losses
   * @return the names to change; no segment leaves the log until {@link #swapped}
   */
  public SwapWork replaceSegments(
      long fromBase, long endOffset, List<CleanedSegment> by, long durableRecoveryPoint, long nowMs)
      throws IOException {
    if (swapping || endOffset > Math.min(durableRecoveryPoint, highWatermark)) {
      throw new IllegalStateException(
          "%s: compacted to %d, recovery point %d, high watermark %d%s"
              .formatted(
                  id,
                  endOffset,
                  durableRecoveryPoint,
                  highWatermark,
                  swapping ? ", swapping" : ""));
    }
    List<SegmentExtent> gone = segments.replace(fromBase, endOffset, by);
    publish();
    segments.giveUp(gone, deleteAtMs(nowMs));
    swapping = true;
    return new SwapWork(
        files,
        dir(),
        gone.stream().map(SegmentExtent::segment).toList(),
        by.stream().map(CleanedSegment::segment).toList());
  }

  /** Takes the report of work whose {@code run} returned. */
  public void swapped(SwapWork report) {
    swapping = false;
  }

  // Moving to another folder.

  /** Leaves offsets without records up to {@code offset}, as a compaction had left them. */
  public void skipTo(long offset) {
    segments.active().skipTo(offset);
    publishWritten();
  }

  /** Opens every file, so that the folder may be renamed. */
  public void openAll() throws IOException {
    for (Segment segment : segments.held()) {
      segment.openAll(files);
    }
  }

  /**
   * Content by name of the files beside the batches that a copy of the log needs: producers and
   * leader epochs at the log's end.
   */
  public Map<String, byte[]> stateFiles() {
    Path snapshot = FileNames.of(dir(), logEndOffset(), FileNames.SNAPSHOT);
    ByteBuffer content = producers.snapshot();
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return Map.of(
        snapshot.getFileName().toString(), bytes, FileNames.LEADER_EPOCHS, epochs.content());
  }

  /**
   * Goes on in the files of a copy of this log, which readers see at once. Producers, epochs and
   * offsets stay those of this log; the copy is not used any more. No flush may be under way.
   *
   * @param copy the same batches up to the same end, durable with {@link #stateFiles}, all files
   *     open
   * @throws IOException the folder that is left must go offline
   */
  public void takeFilesOf(Log copy) throws IOException {
    long end = logEndOffset();
    if (hasPending() || swapping || copy.logEndOffset() != end || copy.recoveryPoint() != end) {
      throw new IllegalStateException(
          "the copy of %s ends at %d and is durable to %d, the log ends at %d"
              .formatted(id, copy.logEndOffset(), copy.recoveryPoint(), end));
    }
    LogSegments left = segments;
    segments = copy.segments;
    flushes = flushes.continuedAt(end);
    checkpoints =
        new Checkpoints(
            new LogParts(
                files,
                id,
                config,
                segments,
                producers,
                epochs,
                flushes,
                logStartOffset,
                end,
                coldAfterBytes));
    publishWritten();
    left.leaveTo(segments);
  }

  // Truncation.

  /**
   * Removes every record at or behind {@code offset}. The recovery point must be at or below it,
   * and so must the one in the folder's checkpoint.
   *
   * @return work that must be run and reported before the next append; null when nothing was
   *     removed
   */
  public @Nullable FlushWork truncateTo(long offset, long nowMs) throws IOException {
    writePending();
    if (offset >= logEndOffset()) {
      forgetEmptyLeaderEpochs();
      return null;
    }
    if (offset < segments.firstBase()) {
      return truncateFullyAndStartAt(offset, nowMs);
    }
    checkMayTruncate(offset);
    LogSegments.Truncated cut = segments.truncateTo(offset, config.indexIntervalBytes(), nowMs);
    logStartOffset = Math.min(logStartOffset, offset);
    epochs.truncateFromEnd(offset);
    FlushWork work = truncated(offset, cut.copied(), nowMs);
    segments.doom(cut.gone(), deleteAtMs(nowMs));
    return work;
  }

  /** Removes every record; the log goes on at {@code offset}. As {@link #truncateTo}. */
  public FlushWork truncateFullyAndStartAt(long offset, long nowMs) throws IOException {
    writePending();
    checkMayTruncate(offset);
    makeFiles();
    List<SegmentExtent> gone = segments.restartAt(offset, nowMs);
    logStartOffset = offset;
    highWatermark = offset;
    epochs.clear();
    FlushWork work = truncated(offset, false, nowMs);
    segments.release(gone, deleteAtMs(nowMs));
    return work;
  }

  private FlushWork truncated(long offset, boolean copied, long nowMs) throws IOException {
    checkpoints.reloadProducers(logStartOffset, nowMs);
    highWatermark = Math.min(highWatermark, offset);
    flushes.truncatedTo(offset);
    publishWritten();
    return checkpoints.truncation(view.logEndOffset(), copied);
  }

  private void checkMayTruncate(long offset) {
    if (swapping) {
      throw new IllegalStateException("a compaction of " + id + " changes names just now");
    }
    if (flushes.recoveryPoint() > offset) {
      throw new IllegalStateException(
          "recovery point " + flushes.recoveryPoint() + " must be lowered to " + offset + " first");
    }
  }

  // Look-ups.

  /** As {@link LogView#offsetForTimestamp}, on the newest view. */
  public @Nullable TimestampedOffset offsetForTimestamp(long timestampMs, long upToOffset)
      throws IOException {
    return view.offsetForTimestamp(timestampMs, upToOffset);
  }

  /** As {@link LogView#maxTimestamp}, on the newest view. */
  public @Nullable TimestampedOffset maxTimestamp() throws IOException {
    return view.maxTimestamp();
  }

  /** The log start, with the epoch in force there. */
  public TimestampedOffset earliest() {
    return new TimestampedOffset(logStartOffset, -1, epochs.at(logStartOffset));
  }

  /** The newest leader epoch that has records; −1 when there is none. */
  public int latestLeaderEpoch() {
    return epochs.latest();
  }

  /** Epoch of the record at {@code offset}; −1 when unknown. */
  public int leaderEpochAt(long offset) {
    return epochs.at(offset);
  }

  /** Where a leader epoch ends. */
  public EpochEnd epochEndOffset(int leaderEpoch) {
    return epochs.endOf(leaderEpoch, logEndOffset());
  }

  /** Up to where another log of the partition holds the same, by epochs; −1 when it is unknown. */
  public long commonEnd(Log other) {
    return epochs.commonEnd(logEndOffset(), other.epochs, other.logEndOffset());
  }

  /** Notes that a leader epoch begins at the log end, as a new leader does. */
  public void beginLeaderEpoch(int leaderEpoch) {
    epochs.assign(leaderEpoch, logEndOffset());
  }

  /** Forgets leader epochs that began and have no records. */
  public void forgetEmptyLeaderEpochs() {
    epochs.truncateFromEnd(logEndOffset());
  }

  /** Producers that are not expired. */
  public List<ActiveProducer> producers() {
    return producers.describe();
  }

  /** A client's batches were refused before they came here; those behind them must wait. */
  public void refused(ByteBuffer batches, long nowMs) {
    producers.refused(batches, nowMs);
  }

  /** Where each producer's newest batch ends, by producer id; for compaction. */
  public Map<Long, ProducerEnd> producerEnds() {
    return producers.ends();
  }

  /** Forgets producers that were idle for {@code producer.id.expiration.ms}. */
  public void expireProducers(long nowMs) {
    producers.expire(nowMs);
  }

  /**
   * Closes all files. The log is clean when {@link #beginCheckpoint}'s work was run and reported
   * just before.
   */
  public void close() throws IOException {
    List<Segment> all = new ArrayList<>(segments.held());
    for (Segment segment : all) {
      segment.close();
    }
  }
}
