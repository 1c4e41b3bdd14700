package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition's log. It never forces: {@link #beginFlush} says what to force, and {@link
 * #flushed} takes the report. After an {@link IOException} the log must not be used any more: its
 * folder goes offline.
 *
 * <p>Confined to: the shard that owns the partition, except {@link #view}.
 */
public final class Log {

  Log() {}

  /** What readers see. Any thread; one volatile read. */
  public LogView view() {
    throw new UnsupportedOperationException();
  }

  /** The partition. */
  public TopicIdPartition id() {
    throw new UnsupportedOperationException();
  }

  /** The folder that holds the files. */
  public Path dir() {
    throw new UnsupportedOperationException();
  }

  /** The settings in force. */
  public LogConfig config() {
    throw new UnsupportedOperationException();
  }

  /** Changes the settings; they act from the next append, roll or retention on. */
  public void reconfigure(LogConfig config) {
    throw new UnsupportedOperationException();
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
   */
  public LogAppend append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch, long nowMs)
      throws AppendException, IOException {
    throw new UnsupportedOperationException();
  }

  /** Whether appended batches wait for {@link #writePending}. */
  public boolean hasPending() {
    throw new UnsupportedOperationException();
  }

  /** Writes what is queued with one gathering write per segment and publishes the new view. */
  public void writePending() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Offset that the next record gets; counts queued batches. */
  public long logEndOffset() {
    throw new UnsupportedOperationException();
  }

  /** First offset that may be read. */
  public long logStartOffset() {
    throw new UnsupportedOperationException();
  }

  /** First offset that is not yet committed. */
  public long highWatermark() {
    throw new UnsupportedOperationException();
  }

  /** Offset below which everything was reported as forced. */
  public long flushedOffset() {
    throw new UnsupportedOperationException();
  }

  /** Offset from which a recovery scans; goes into the folder's recovery point checkpoint. */
  public long recoveryPoint() {
    throw new UnsupportedOperationException();
  }

  /** How often the log was truncated since it was opened. */
  public long truncationCount() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of all segments. */
  public long sizeBytes() {
    throw new UnsupportedOperationException();
  }

  /** Bytes written since the last recovery point. */
  public long bytesSinceRecoveryPoint() {
    throw new UnsupportedOperationException();
  }

  /** Moves the high watermark up, at most to the written end; never down. */
  public void advanceHighWatermark(long highWatermark) {
    throw new UnsupportedOperationException();
  }

  /**
   * Moves the log start up (DeleteRecords, retention); never down. No file changes.
   *
   * @throws IllegalArgumentException behind the high watermark
   */
  public void advanceLogStart(long logStartOffset) {
    throw new UnsupportedOperationException();
  }

  /** Work that makes everything written so far durable. */
  public FlushWork beginFlush() {
    throw new UnsupportedOperationException();
  }

  /**
   * Work like {@link #beginFlush} that also writes and forces indexes, producer snapshot and leader
   * epochs, so that its report moves {@link #recoveryPoint}.
   */
  public FlushWork beginCheckpoint() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Takes the report of work whose {@code run} returned; ignored when the log was truncated. */
  public void flushed(FlushWork report) {
    throw new UnsupportedOperationException();
  }

  /** Gives work back that failed or was never run. */
  public void flushFailed(FlushWork work) {
    throw new UnsupportedOperationException();
  }

  /** Lowers the recovery point, before a truncation; write the checkpoint then. */
  public void lowerRecoveryPoint(long offset) {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes every record at or behind {@code offset}. The recovery point must be at or below it,
   * and so must the one in the folder's checkpoint.
   *
   * @return work that must be reported before the next append; null when nothing was removed
   */
  public @Nullable FlushWork truncateTo(long offset) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Removes every record; the log goes on at {@code offset}. As {@link #truncateTo}. */
  public @Nullable FlushWork truncateFullyAndStartAt(long offset) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Offset of the first record with this timestamp or a later one.
   *
   * @param upToOffset records at or behind this offset are not found
   * @return null when there is none
   */
  public @Nullable TimestampedOffset offsetForTimestamp(long timestampMs, long upToOffset)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The log start. */
  public TimestampedOffset earliest() {
    throw new UnsupportedOperationException();
  }

  /** The record with the largest timestamp (KIP-734); null when the log is empty. */
  public @Nullable TimestampedOffset maxTimestamp() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The newest leader epoch that has records; −1 when there is none. */
  public int latestLeaderEpoch() {
    throw new UnsupportedOperationException();
  }

  /** Epoch of the record at {@code offset}; −1 when unknown. */
  public int leaderEpochAt(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Where a leader epoch ends. */
  public EpochEnd epochEndOffset(int leaderEpoch) {
    throw new UnsupportedOperationException();
  }

  /** Notes that a leader epoch begins at the log end, as a new leader does. */
  public void beginLeaderEpoch(int leaderEpoch) {
    throw new UnsupportedOperationException();
  }

  /** Producers that are not expired. */
  public List<ActiveProducer> producers() {
    throw new UnsupportedOperationException();
  }

  /** Forgets producers that were idle for {@code producer.id.expiration.ms}. */
  public void expireProducers(long nowMs) {
    throw new UnsupportedOperationException();
  }

  /** Segments, oldest first. */
  public List<SegmentView> segments() {
    throw new UnsupportedOperationException();
  }

  /** Rolls when the active segment is older than {@code segment.ms}. Nothing may be pending. */
  public boolean rollIfDue(long nowMs) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * What {@code retention.ms} and {@code retention.bytes} and the log start delete now. Do: {@link
   * #advanceLogStart}, write the folder's log start checkpoint, {@link #removeSegmentsBelow}.
   *
   * @return null when nothing is due
   */
  public @Nullable RetentionStep retentionDue(long nowMs) {
    throw new UnsupportedOperationException();
  }

  /**
   * Renames segments that lie wholly below the log start to {@code .deleted}.
   *
   * @param durableLogStart the log start that the folder's checkpoint holds
   * @return number of segments
   */
  public int removeSegmentsBelow(long durableLogStart, long nowMs) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Segments that left the log, are held by nobody, and whose delay has passed. */
  public List<DoomedSegment> deletionsDue(long nowMs) {
    throw new UnsupportedOperationException();
  }

  /**
   * Closes all files, writing indexes, producer snapshot and leader epochs. Run {@link
   * #beginCheckpoint}'s work and report it before, then the log is clean.
   */
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
