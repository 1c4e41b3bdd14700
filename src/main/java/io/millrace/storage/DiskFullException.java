package io.millrace.storage;

import java.io.IOException;

/**
 * Something could not be written because the disk is full; it may be tried again.
 *
 * <p>Immutable.
 */
final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1;

  DiskFullException(IOException cause) {
    super("the disk is full", cause);
  }

  /** Whether that is why a write in a folder failed. Blocks for a moment. */
  static boolean is(Folder folder, IOException cause) {
    return orElse(folder, cause) instanceof DiskFullException;
  }

  /** What a write in a folder failed with: this, when its disk is full. Blocks for a moment. */
  static IOException orElse(Folder folder, IOException cause) {
    return folder.isFull(cause) ? new DiskFullException(cause) : cause;
  }
}
