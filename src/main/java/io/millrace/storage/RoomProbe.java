package io.millrace.storage;

import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Finds out by trying whether a disk takes a file: it can be out of inodes or over a quota while it
 * says that bytes are free. Stateless.
 */
final class RoomProbe {
  /** Taken away again; what a crash leaves of it, the next try replaces. */
  static final String FILE = ".room";

  /** A block of most file systems. */
  private static final int SIZE_BYTES = 4096;

  private RoomProbe() {}

  /** Whether a folder takes one more file. Blocks. */
  static boolean isTaken(LogFiles files, Path folder) {
    Path file = folder.resolve(FILE);
    try {
      files.delete(file);
      try (LogFile probe = files.open(file, true)) {
        probe.write(new ByteBuffer[] {ByteBuffer.allocate(SIZE_BYTES)}, 0);
      } finally {
        files.delete(file);
      }
      return true;
    } catch (IOException e) {
      return false; // what else may be wrong with the disk, the next write of records tells
    }
  }
}
