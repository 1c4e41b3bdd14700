package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes in a log's file that should be valid are not. The partition goes offline. Immutable. */
public final class CorruptLogException extends IOException {
  /**
   * What is wrong, and where.
   *
   * @param file the file
   * @param position position in it in bytes
   * @param problem what is wrong, as the end of a sentence
   */
  public CorruptLogException(Path file, long position, String problem) {
    super(file + " at position " + position + ": " + problem);
  }
}
