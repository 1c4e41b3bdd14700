package io.millrace.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is wrong with one file from what is wrong with a disk. Somebody took a file away, took
 * the permission to open it, or put something else in its place: the disk is well, and the other
 * files on it may be used.
 *
 * <p>Stateless.
 */
final class FileFaults {
  private static final List<String> REASONS =
      List.of("Is a directory", "Not a directory", "Too many levels of symbolic links");

  private FileFaults() {}

  /** Whether only the file that is named is concerned. */
  static boolean isOfOneFile(@Nullable Throwable fault) {
    return fault instanceof AccessDeniedException
        || fault instanceof NoSuchFileException
        || fault instanceof NotDirectoryException
        || fault instanceof FileAlreadyExistsException
        || fault instanceof FileSystemLoopException
        || (fault instanceof FileSystemException other
            && other.getReason() != null
            && REASONS.contains(other.getReason()));
  }

  /** Whether the process may open no more files. */
  static boolean isOutOfDescriptors(@Nullable Throwable fault) {
    return fault instanceof IOException
        && String.valueOf(fault.getMessage()).contains("Too many open files");
  }

  /** What is to be said of a fault: Java says of some only which file it was. */
  static String sentence(Throwable fault) {
    String message = String.valueOf(fault.getMessage());
    if (fault instanceof AccessDeniedException) {
      return "there is no permission to use " + message;
    }
    if (fault instanceof NoSuchFileException) {
      return message + " is missing";
    }
    if (fault instanceof FileAlreadyExistsException) {
      return message + " is there already, and not as it should be";
    }
    return fault instanceof IOException || fault instanceof StorageException
        ? message
        : fault.toString();
  }
}
