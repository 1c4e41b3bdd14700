package io.millrace.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Keeps a second process from opening a log folder. Thread-safe. */
public interface FolderLocks {
  /** Name of the file that is locked; Kafka's, so that the two keep each other out. */
  String FILE = ".lock";

  /** Locks of the operating system. */
  FolderLocks ON_DISK = FolderLocks::lockOnDisk;

  /**
   * A lock that is held until it is closed.
   *
   * @param place tells the folder from a copy of it: another one after a restore from a backup or
   *     on another disk
   * @param release gives the lock back
   */
  record Lock(String place, AutoCloseable release) {}

  /**
   * Locks a folder.
   *
   * @throws StorageException when another process holds the lock
   */
  Lock lock(Path folder) throws IOException;

  private static Lock lockOnDisk(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return new Lock(String.valueOf(key), channel);
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
            + " is in use by another process, which holds "
            + file
            + ": stop that one, or choose other log.dirs.");
  }
}
