package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A segment that left the log; its files carry {@code .deleted}. Thread-safe. */
public final class DoomedSegment {
  private final LogFiles files;
  private final Segment segment;
  private final @Nullable Path snapshot;
  private final long deleteAtMs;

  private DoomedSegment(LogFiles files, Segment segment, @Nullable Path snapshot, long deleteAtMs) {
    this.files = files;
    this.segment = segment;
    this.snapshot = snapshot;
    this.deleteAtMs = deleteAtMs;
  }

  /**
   * A segment that was renamed.
   *
   * @param snapshot the producer snapshot of its base offset, renamed too; need not exist
   * @param deleteAtMs wall-clock time before which its files stay
   */
  static DoomedSegment delete(LogFiles files, Segment segment, Path snapshot, long deleteAtMs) {
    return new DoomedSegment(files, segment, snapshot, deleteAtMs);
  }

  /** A segment whose names went to other files: it is only closed. */
  static DoomedSegment closeOnly(LogFiles files, Segment segment) {
    return new DoomedSegment(files, segment, null, 0);
  }

  Segment segment() {
    return segment;
  }

  boolean isDue(long nowMs) {
    return nowMs >= deleteAtMs && !segment.isHeld();
  }

  /** Closes and deletes the files. Blocks; on a worker. */
  public void delete() throws IOException {
    if (snapshot == null) {
      segment.close();
    } else {
      segment.deleteFiles();
      files.delete(snapshot);
    }
  }
}
