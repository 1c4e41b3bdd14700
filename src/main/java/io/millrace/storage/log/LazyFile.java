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
  private volatile Path path;

  LazyFile(LogFiles files, Path path) {
    this.files = files;
    this.path = path;
  }

  Path path() {
    return path;
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
    LogFile opened = files.open(path, createNew);
    if (open.compareAndSet(null, opened)) {
      return opened;
    }
    opened.close();
    LogFile first = open.get();
    if (first == null) {
      throw new IOException(path + " was closed while it was opened");
    }
    return first;
  }

  boolean isOpen() {
    return open.get() != null;
  }

  /** Gives the file another name on disk; does nothing on disk when there is no such file. */
  void rename(Path to) throws IOException {
    if (files.exists(path)) {
      files.rename(path, to);
    }
    path = to;
  }

  /** The folder above was renamed. */
  void moved(Path newDir) {
    path = newDir.resolve(path.getFileName());
  }

  void close() throws IOException {
    LogFile file = open.getAndSet(null);
    if (file != null) {
      file.close();
    }
  }

  void delete() throws IOException {
    close();
    files.delete(path);
  }
}
