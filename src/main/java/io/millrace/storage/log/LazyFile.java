package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A file that is opened on first use, by whichever thread comes first. Before a name is given to
 * other bytes, its owner calls {@link #get}: from then on nobody opens by name any more.
 * Thread-safe.
 */
final class LazyFile {
  private final LogFiles files;
  private final AtomicReference<@Nullable LogFile> open = new AtomicReference<>();
  private final long baseOffset;
  private volatile Path dir;
  private volatile String suffix;

  LazyFile(LogFiles files, Path dir, long baseOffset, String suffix) {
    this.files = files;
    this.dir = dir;
    this.baseOffset = baseOffset;
    this.suffix = suffix;
  }

  /** Its name, which is not kept: most files of a segment are never opened. */
  Path path() {
    return FileNames.of(dir, baseOffset, suffix);
  }

  /** Opens the file if nobody did; the file must exist. */
  LogFile get() throws IOException {
    LogFile file = open.get();
    return file != null ? file : openNow(false);
  }

  /** Creates and opens the file; it must not exist. */
  LogFile create() throws IOException {
    return openNow(true);
  }

  private LogFile openNow(boolean createNew) throws IOException {
    LogFile opened = files.open(path(), createNew);
    if (open.compareAndSet(null, opened)) {
      return opened;
    }
    opened.close();
    LogFile first = open.get();
    if (first == null) {
      throw new IOException(path() + " was closed while it was opened");
    }
    return first;
  }

  boolean isOpen() {
    return open.get() != null;
  }

  /**
   * Gives the file a name on disk that ends otherwise; does nothing on disk when there is no such
   * file, and nothing at all when its name does not end with {@code oldEnd}.
   */
  void rename(String oldEnd, String newEnd) throws IOException {
    if (!suffix.endsWith(oldEnd)) {
      return;
    }
    String renamed = suffix.substring(0, suffix.length() - oldEnd.length()) + newEnd;
    Path from = path();
    if (files.exists(from)) {
      files.rename(from, FileNames.of(dir, baseOffset, renamed));
    }
    suffix = renamed;
  }

  /** The folder above was renamed. */
  void moved(Path newDir) {
    dir = newDir;
  }

  void close() throws IOException {
    LogFile file = open.getAndSet(null);
    if (file != null) {
      file.close();
    }
  }

  void delete() throws IOException {
    close();
    files.delete(path());
  }
}
