package io.millrace.storage.log;

import java.io.IOException;

/**
 * What must be forced so that a log is durable up to an offset. It holds its segments; made by the
 * log's owner, run by one thread of the flusher, given back to the owner by {@code Log.flushed}.
 */
public final class FlushWork {

  FlushWork() {}

  /** Everything below this offset is durable when {@link #run} returned. */
  public long upToOffset() {
    throw new UnsupportedOperationException();
  }

  /** The log's truncation count when the work was made. */
  public long truncationCount() {
    throw new UnsupportedOperationException();
  }

  /**
   * Forces files and folders. Blocks. Once, on any thread.
   *
   * @throws IOException a force failed: the log's folder must go offline
   */
  public void run() throws IOException {
    throw new UnsupportedOperationException();
  }
}
