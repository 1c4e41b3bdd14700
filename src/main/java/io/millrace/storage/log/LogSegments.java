package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The segments of a log in order: sealed ones, the one that is written, and those that left and
 * wait for their deletion.
 *
 * <p>Confined to: the log's owner. The array that {@link #sealed} gives out is never changed.
 */
final class LogSegments {
  private static final int COPY_BYTES = 1 << 20;

  private final LogFiles files;
  private final List<DoomedSegment> doomed = new ArrayList<>();
  private Path dir;
  private SegmentExtent[] sealed;
  private ActiveSegment active;
  private boolean filesMade = true;

  LogSegments(LogFiles files, Path dir, List<SegmentExtent> sealed, ActiveSegment active) {
    this.files = files;
    this.dir = dir;
    this.sealed = sealed.toArray(SegmentExtent[]::new);
    this.active = active;
  }

  /** One empty segment; creates its file. */
  static LogSegments startingAt(LogFiles files, Path dir, long baseOffset, long nowMs)
      throws IOException {
    return new LogSegments(files, dir, List.of(), create(files, dir, baseOffset, nowMs));
  }

  /** One empty segment whose file is not there before {@link #makeFile}. */
  static LogSegments withoutFile(LogFiles files, Path dir, long baseOffset, long nowMs) {
    ActiveSegment first = new ActiveSegment(files, new Segment(files, dir, baseOffset), nowMs);
    LogSegments segments = new LogSegments(files, dir, List.of(), first);
    segments.filesMade = false;
    return segments;
  }

  /** Whether the file of each segment is there. */
  boolean haveFiles() {
    return filesMade;
  }

  /** Makes the file of the first segment. */
  void makeFile() throws IOException {
    active.segment().logFile().create();
    filesMade = true;
  }

  Path dir() {
    return dir;
  }

  void moved(Path newDir) {
    dir = newDir;
    held().forEach(segment -> segment.moved(newDir));
  }

  SegmentExtent[] sealed() {
    return sealed;
  }

  ActiveSegment active() {
    return active;
  }

  long firstBase() {
    return sealed.length == 0 ? active.baseOffset() : sealed[0].baseOffset();
  }

  /** Segments of the log and segments that wait for deletion. */
  List<Segment> held() {
    List<Segment> all = new ArrayList<>();
    for (SegmentExtent extent : sealed) {
      all.add(extent.segment());
    }
    all.add(active.segment());
    doomed.forEach(gone -> all.add(gone.segment()));
    return all;
  }

  boolean hasBase(long offset) {
    for (SegmentExtent extent : sealed) {
      if (extent.baseOffset() == offset) {
        return true;
      }
    }
    return active.baseOffset() == offset;
  }

  List<SegmentView> describe() {
    List<SegmentView> views = new ArrayList<>();
    for (SegmentExtent extent : sealed) {
      views.add(describe(extent, false));
    }
    views.add(describe(active.extent(), true));
    return views;
  }

  private static SegmentView describe(SegmentExtent extent, boolean active) {
    return new SegmentView(
        extent.baseOffset(),
        extent.endOffset(),
        extent.endPosition(),
        extent.maxTimestampMs() == SegmentExtent.UNREAD ? -1 : extent.maxTimestampMs(),
        active,
        extent.segment().logFile().path());
  }

  // Growing.

  boolean isFullFor(LogConfig config, int bytes, long lastOffset, long timestampMs, long nowMs) {
    return active.isFullFor(config, jitterMs(config), bytes, lastOffset, timestampMs, nowMs);
  }

  /** Differs between segments, so that many logs do not roll at once; the same after a restart. */
  private long jitterMs(LogConfig config) {
    if (config.segmentJitterMs() <= 0) {
      return 0;
    }
    long mixed = (dir.getFileName().hashCode() + active.baseOffset()) * 0x9E3779B97F4A7C15L;
    return Math.floorMod(mixed >>> 16, Math.min(config.segmentJitterMs(), config.rollMs()));
  }

  /** Seals the active segment and creates the next one. Nothing may be queued. */
  void roll(long baseOffset, long nowMs) throws IOException {
    if (active.sizeBytes() == 0 && active.baseOffset() == baseOffset) {
      throw new IllegalStateException("segment " + baseOffset + " is empty and cannot be rolled");
    }
    SegmentExtent full = active.seal();
    ActiveSegment next = create(files, dir, baseOffset, nowMs);
    sealed = Arrays.copyOf(sealed, sealed.length + 1);
    sealed[sealed.length - 1] = full;
    active = next;
  }

  private static ActiveSegment create(LogFiles files, Path dir, long baseOffset, long nowMs)
      throws IOException {
    Segment segment = new Segment(files, dir, baseOffset);
    segment.logFile().create();
    return new ActiveSegment(files, segment, nowMs);
  }

  // Forcing.

  /** Adds the batches that are not known to be durable. */
  void forceLogs(FlushWork work, long flushedOffset) {
    for (SegmentExtent extent : from(flushedOffset)) {
      work.hold(extent.segment());
      work.force(extent.segment().logFile());
    }
  }

  /** Writes the active segment's indexes and adds all index files that are not durable. */
  void forceIndexes(FlushWork work) throws IOException {
    if (active.sizeBytes() > 0) {
      // Also when nothing is new: the files may hold entries of what a recovery cut.
      active.writeIndexes();
    }
    work.forceIndexes(active.segment());
    for (SegmentExtent extent : sealed) {
      work.forceIndexes(extent.segment());
    }
  }

  /** Segments with batches at or behind an offset. */
  private List<SegmentExtent> from(long offset) {
    List<SegmentExtent> found = new ArrayList<>();
    if (active.nextOffset() > offset && active.sizeBytes() > 0) {
      found.add(active.extent());
    }
    for (int i = sealed.length - 1; i >= 0 && sealed[i].endOffset() > offset; i--) {
      found.add(sealed[i]);
    }
    return found;
  }

  // Shrinking.

  /** Takes sealed segments out that end at or below {@code offset}. */
  List<SegmentExtent> takeBelow(long offset) {
    int gone = 0;
    while (gone < sealed.length && sealed[gone].endOffset() <= offset) {
      gone++;
    }
    List<SegmentExtent> taken = List.of(Arrays.copyOf(sealed, gone));
    sealed = Arrays.copyOfRange(sealed, gone, sealed.length);
    return taken;
  }

  /**
   * Puts segments in the place of others.
   *
   * @return those that left; publish the new view, then {@link #giveUp} them
   */
  List<SegmentExtent> replace(long fromBase, long endOffset, List<CleanedSegment> by)
      throws IOException {
    List<SegmentExtent> kept = new ArrayList<>();
    List<SegmentExtent> gone = new ArrayList<>();
    for (SegmentExtent extent : sealed) {
      boolean inside = extent.baseOffset() >= fromBase && extent.endOffset() <= endOffset;
      (inside ? gone : kept).add(extent);
    }
    if (gone.isEmpty() || gone.get(0).baseOffset() != fromBase) {
      throw new IllegalArgumentException("no segments from " + fromBase + " to " + endOffset);
    }
    int at = 0;
    while (at < kept.size() && kept.get(at).baseOffset() < fromBase) {
      at++;
    }
    for (int i = by.size() - 1; i >= 0; i--) {
      long end = i + 1 < by.size() ? by.get(i + 1).baseOffset() : endOffset;
      kept.add(at, by.get(i).extent(end));
    }
    sealed = kept.toArray(SegmentExtent[]::new);
    return gone;
  }

  /** Gives segments up whose names {@link SwapWork} changes. */
  void giveUp(List<SegmentExtent> gone, long deleteAtMs) throws IOException {
    for (SegmentExtent extent : gone) {
      if (!extent.segment().retire()) {
        extent.segment().openAll(files);
        extent.segment().release();
      }
      bury(extent.segment(), deleteAtMs);
    }
  }

  /** Gives segments up that no published view shows any more: renames them, deletes them later. */
  void doom(List<SegmentExtent> gone, long deleteAtMs) throws IOException {
    for (SegmentExtent extent : gone) {
      if (extent.segment().retire()) {
        renameDeleted(extent.segment());
      } else {
        extent.segment().openAll(files);
        renameDeleted(extent.segment());
        extent.segment().release();
      }
      bury(extent.segment(), deleteAtMs);
    }
  }

  private void renameDeleted(Segment segment) throws IOException {
    segment.rename("", FileNames.DELETED);
    Path snapshot = FileNames.of(dir, segment.baseOffset(), FileNames.SNAPSHOT);
    if (files.exists(snapshot)) {
      files.rename(snapshot, deletedSnapshot(segment));
    }
  }

  private Path deletedSnapshot(Segment segment) {
    return FileNames.of(dir, segment.baseOffset(), FileNames.SNAPSHOT + FileNames.DELETED);
  }

  private void bury(Segment segment, long deleteAtMs) {
    doomed.add(DoomedSegment.delete(files, segment, deletedSnapshot(segment), deleteAtMs));
  }

  /**
   * Gives all segments up, which no published view shows any more, for those of a copy in another
   * folder. Readers go on with the files that they hold; {@code next} closes them later.
   */
  void leaveTo(LogSegments next) throws IOException {
    List<SegmentExtent> all = new ArrayList<>(List.of(sealed));
    all.add(active.extent());
    for (SegmentExtent extent : all) {
      if (!extent.segment().retire()) {
        if (filesMade) {
          extent.segment().openAll(files);
        }
        extent.segment().release();
      }
      next.doomed.add(DoomedSegment.closeOnly(files, extent.segment()));
    }
    doomed.forEach(gone -> next.doomed.add(DoomedSegment.closeOnly(files, gone.segment())));
  }

  List<DoomedSegment> deletionsDue(long nowMs) {
    if (doomed.isEmpty()) {
      return List.of();
    }
    List<DoomedSegment> due = new ArrayList<>();
    for (Iterator<DoomedSegment> all = doomed.iterator(); all.hasNext(); ) {
      DoomedSegment next = all.next();
      if (next.isDue(nowMs)) {
        due.add(next);
        all.remove();
      }
    }
    return due;
  }

  /**
   * Cuts the log at {@code offset}, which lies at or behind the first base offset. Segments behind
   * it leave; the one that holds it is shortened, or its kept part copied when a reader holds it.
   *
   * @return segments that left, for {@link #doom}, and the copy that the work must give its name
   */
  Truncated truncateTo(long offset, int indexIntervalBytes, long nowMs) throws IOException {
    List<SegmentExtent> all = new ArrayList<>(List.of(sealed));
    all.add(active.extent());
    int keep = all.size() - 1;
    while (keep > 0 && all.get(keep).baseOffset() > offset) {
      keep--;
    }
    SegmentExtent cut = all.get(keep);
    if (cut.segment() == active.segment() && active.sizeBytes() > 0) {
      active.writeIndexes();
    }
    int position = (int) cut.positionOf(offset);
    boolean copied = !cut.segment().retire();
    Segment kept = copied ? copy(cut.segment(), position) : shorten(cut.segment(), position);
    active = new ActiveSegment(files, kept, nowMs);
    active.resume(cut.segment(), offset, position);
    active.walkTo(position, indexIntervalBytes);
    active.skipTo(offset);
    if (copied) {
      kept.txnIndex().copyFrom(cut.segment().txnIndex(), offset);
      active.writeIndexesAnew();
      cut.segment().release();
      doomed.add(DoomedSegment.closeOnly(files, cut.segment()));
    } else {
      kept.txnIndex().load(offset);
      cut.segment().close();
    }
    sealed = Arrays.copyOf(sealed, keep);
    return new Truncated(List.copyOf(all.subList(keep + 1, all.size())), copied);
  }

  /**
   * What a truncation did.
   *
   * @param gone segments that left
   * @param copied whether the active segment is a copy, still {@code .cleaned}
   */
  record Truncated(List<SegmentExtent> gone, boolean copied) {}

  private Segment shorten(Segment old, int position) throws IOException {
    Segment again = new Segment(files, dir, old.baseOffset());
    again.log().truncate(position);
    return again;
  }

  private Segment copy(Segment old, int position) throws IOException {
    old.openAll(files);
    Segment copy = new Segment(files, dir, old.baseOffset(), FileNames.CLEANED);
    copy.deleteFiles();
    copy.logFile().create();
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(COPY_BYTES, Math.max(1, position)));
    for (int at = 0; at < position; at += chunk.limit()) {
      chunk.clear().limit(Math.min(chunk.capacity(), position - at));
      old.log().read(chunk, at);
      copy.log().write(new ByteBuffer[] {chunk.flip()}, at);
    }
    return copy;
  }

  /** Takes all segments away and goes on with an empty one. */
  List<SegmentExtent> restartAt(long offset, long nowMs) throws IOException {
    List<SegmentExtent> gone = new ArrayList<>(List.of(sealed));
    gone.add(active.extent());
    for (SegmentExtent extent : gone) {
      extent.segment().openAll(files);
      renameDeleted(extent.segment());
    }
    sealed = new SegmentExtent[0];
    active = create(files, dir, offset, nowMs);
    return gone;
  }

  /** After {@link #restartAt}, when the new view is published. */
  void release(List<SegmentExtent> gone, long deleteAtMs) {
    for (SegmentExtent extent : gone) {
      extent.segment().release();
      bury(extent.segment(), deleteAtMs);
    }
  }
}
