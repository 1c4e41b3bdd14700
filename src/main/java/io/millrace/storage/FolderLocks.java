package io.millrace.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process from opening a log folder. Thread-safe. */
public interface FolderLocks {
  /** Name of the file that is locked; Kafka's, so that the two keep each other out. */
  String FILE = ".lock";

  /** Locks of the operating system. */
  FolderLocks ON_DISK = FolderLocks::lockOnDisk;

  /** A lock that is held until it is closed. */
  interface Lock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /**
   * Locks a folder.
   *
   * @throws StorageException when another process holds the lock
   */
  Lock lock(Path folder) throws IOException;

  private static Lock lockOnDisk(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel::close;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // The same answer as below.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new StorageException(
        "The folder "
            + folder
            + " is in use by another process (it holds "
            + folder.resolve(FILE)
            + "); stop that one or choose other log.dirs.");
  }
}
