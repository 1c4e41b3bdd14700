package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The names of a finished compaction: the old segments' files become {@code .deleted}, and when
 * that is durable, the new ones lose their {@code .swap}. Readers see the new segments already; a
 * crash at any moment is finished by the next load.
 *
 * <p>Handed from thread to thread: made by the log's owner, run once by a worker, given back by
 * {@code Log.swapped}.
 */
public final class SwapWork {
  private final LogFiles files;
  private final Path dir;
  private final List<Segment> old;
  private final List<Segment> fresh;

  SwapWork(LogFiles files, Path dir, List<Segment> old, List<Segment> fresh) {
    this.files = files;
    this.dir = dir;
    this.old = old;
    this.fresh = fresh;
  }

  /**
   * Renames and forces the folder. Blocks.
   *
   * @throws IOException the log's folder must go offline
   */
  public void run() throws IOException {
    // Those whose place a new one takes go last: while one of them is there, a load knows that no
    // new segment has its name yet, and takes away all that lies between.
    for (Segment segment : old) {
      if (!isReplacedInPlace(segment)) {
        segment.rename("", FileNames.DELETED);
        files.delete(FileNames.of(dir, segment.baseOffset(), FileNames.SNAPSHOT));
      }
    }
    files.forceDirectory(dir);
    for (Segment segment : old) {
      if (isReplacedInPlace(segment)) {
        segment.rename("", FileNames.DELETED);
      }
    }
    files.forceDirectory(dir);
    for (Segment segment : fresh) {
      segment.renameIndexes(FileNames.SWAP, "");
    }
    files.forceDirectory(dir);
    for (Segment segment : fresh) {
      segment.rename(FileNames.SWAP, "");
    }
    files.forceDirectory(dir);
  }

  private boolean isReplacedInPlace(Segment segment) {
    return fresh.stream().anyMatch(each -> each.baseOffset() == segment.baseOffset());
  }
}
