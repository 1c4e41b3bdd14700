package io.millrace.storage.log;

import java.io.IOException;

/** A segment that left the log and that no reader holds: its files may be deleted. Thread-safe. */
public final class DoomedSegment {

  DoomedSegment() {}

  /** Closes and deletes the files. Blocks; on a worker. */
  public void delete() throws IOException {
    throw new UnsupportedOperationException();
  }
}
