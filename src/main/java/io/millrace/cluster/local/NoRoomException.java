package io.millrace.cluster.local;

import java.io.IOException;

/**
 * The disk has no room for what was to be written; nothing of it counts, and it may be tried again.
 *
 * <p>Immutable.
 */
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1;

  NoRoomException(IOException cause) {
    super("the disk is full", cause);
  }
}
