package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk as logs see it; filled by {@code storage.DiskFiles} and, in tests, by a simulated disk
 * that tears, loses and refuses. A name (of a created, renamed or deleted file) is durable only
 * when its folder was forced. Thread-safe.
 */
public interface LogFiles {

  /**
   * Opens a file for reading and writing.
   *
   * @param createNew true: the file must not exist and is created; false: it must exist
   */
  LogFile open(Path file, boolean createNew) throws IOException;

  /** Whether a file or folder has this name. */
  boolean exists(Path path) throws IOException;

  /** Whether it is a folder, or a link to one. */
  boolean isFolder(Path path) throws IOException;

  /** Size of a file in bytes. */
  long size(Path file) throws IOException;

  /** Names in a folder, sorted. */
  List<Path> list(Path dir) throws IOException;

  /** Creates a folder and those above it where they are missing. */
  void createDirectories(Path dir) throws IOException;

  /** Renames in one step; an existing {@code to} is replaced. */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file or an empty folder; no effect when there is none. */
  void delete(Path path) throws IOException;

  /** The whole file; meant for small ones. */
  byte[] readAll(Path file) throws IOException;

  /**
   * Replaces a file so that a crash leaves the old or the new content, whole: temporary file,
   * force, rename, force of the folder.
   */
  void writeAtomically(Path file, byte[] content) throws IOException;

  /** Waits until the names in this folder are on the disk. */
  void forceDirectory(Path dir) throws IOException;

  /** Bytes that the file system of this folder can still take from us. */
  long usableBytes(Path dir) throws IOException;

  /** Size of the file system of this folder in bytes; −1 when unknown. */
  default long totalBytes(Path dir) throws IOException {
    return -1;
  }
}
