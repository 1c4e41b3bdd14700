package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rebuilds the producer state of a log from its newest good snapshot and the batches behind it. */
final class ProducerReplay {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProducerReplay.class);

  private ProducerReplay() {}

  /**
   * Loads the newest good snapshot that is not behind {@code upToOffset}; bad ones and those behind
   * are deleted.
   *
   * @return its offset; {@code logStartOffset} when there is none and the state is empty
   */
  static long load(
      LogFiles files,
      Path dir,
      ProducerTable producers,
      long logStartOffset,
      long upToOffset,
      long nowMs)
      throws IOException {
    List<Path> snapshots = new ArrayList<>();
    for (Path file : files.list(dir)) {
      if (FileNames.is(file, FileNames.SNAPSHOT) && FileNames.offsetOf(file) >= 0) {
        snapshots.add(file);
      }
    }
    for (int i = snapshots.size() - 1; i >= 0; i--) {
      Path file = snapshots.get(i);
      long offset = FileNames.offsetOf(file);
      if (offset <= upToOffset && loadOne(files, file, producers, offset, nowMs)) {
        return offset;
      }
      files.delete(file);
    }
    producers.reset(logStartOffset);
    return logStartOffset;
  }

  /** Whether there is any snapshot in a folder. */
  static boolean hasSnapshot(FolderFiles folder) {
    return folder.names().stream().anyMatch(name -> name.endsWith(FileNames.SNAPSHOT));
  }

  private static boolean loadOne(
      LogFiles files, Path file, ProducerTable producers, long offset, long nowMs)
      throws IOException {
    try {
      producers.load(ProducerSnapshot.decode(files.readAll(file)), offset, nowMs);
      return true;
    } catch (IllegalArgumentException e) {
      LOGGER.warn("{} is not used: {}", file, e.getMessage());
      return false;
    }
  }

  /** Loads the snapshot and applies the batches behind it, up to the log's end. */
  static long reload(
      LogFiles files,
      LogSegments segments,
      ProducerTable producers,
      long logStartOffset,
      long nowMs)
      throws IOException {
    long end = segments.active().nextOffset();
    long snapshot = load(files, segments.dir(), producers, logStartOffset, end, nowMs);
    List<SegmentExtent> extents = new ArrayList<>(List.of(segments.sealed()));
    extents.add(segments.active().extent());
    for (SegmentExtent extent : extents) {
      if (extent.endOffset() > snapshot) {
        replay(extent, snapshot, producers);
      }
    }
    producers.endAt(end);
    return snapshot;
  }

  /** Applies the batches of a segment from an offset on. */
  static long replay(SegmentExtent extent, long fromOffset, ProducerTable producers)
      throws IOException {
    BatchCursor cursor = extent.seek(fromOffset);
    long bytes = 0;
    while (cursor != null) {
      bytes += cursor.sizeBytes();
      if (cursor.isV2() && cursor.header().hasProducerId()) {
        producers.apply(cursor.header().isControl() ? whole(extent, cursor) : cursor.header());
      }
      cursor = cursor.next() ? cursor : null;
    }
    return bytes;
  }

  private static BatchView whole(SegmentExtent extent, BatchCursor cursor) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(cursor.sizeBytes());
    extent.segment().log().read(bytes, cursor.position());
    return new BatchView().wrap(bytes.flip(), 0);
  }
}
