package io.millrace.cli.segment;

import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;

/** Opens files of a partition for reading. Stateless. */
public final class SegmentFile {
  private SegmentFile() {}

  /** The offset that the name of a file begins with. */
  public static long baseOffset(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return Long.parseLong(name.split("\\.")[0]);
    } catch (NumberFormatException e) {
      throw ToolException.failed(
              file + " is not named as the files of a partition are: 20 digits and .log")
          .because(e);
    }
  }

  /** The ending of a file's name, with its dot; empty when it has none. */
  public static String suffix(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot);
  }

  /** The file of the same segment with another ending. */
  public static Path beside(Path file, String suffix) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.split("\\.")[0] + suffix);
  }

  /** The batches of a file. */
  public static FileRecords open(Path file) {
    checkReadable(file);
    try {
      return FileRecords.open(file.toFile(), false);
    } catch (IOException e) {
      throw ToolException.failed(file + " cannot be read: " + e.getMessage()).because(e);
    }
  }

  /** The content of a small file. */
  public static ByteBuffer content(Path file) {
    checkReadable(file);
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw ToolException.failed(file + " cannot be read: " + e.getMessage()).because(e);
    }
  }

  private static void checkReadable(Path file) {
    if (!Files.isRegularFile(file)) {
      boolean folder = Files.isDirectory(file);
      throw ToolException.failed(
          file + (folder ? " is a folder; name the files in it." : " does not exist."));
    }
  }

  /**
   * Batches, one after the other, until the file ends.
   *
   * @throws ToolException when what follows is no batch; says where
   */
  public static Iterator<FileChannelRecordBatch> batches(FileRecords records, Path file) {
    Iterator<FileChannelRecordBatch> inner = records.batches().iterator();
    return new Iterator<>() {
      private long position;

      @Override
      public boolean hasNext() {
        try {
          return inner.hasNext();
        } catch (KafkaException e) {
          throw ToolException.failed(
                  file + " is damaged at position " + position + ": " + e.getMessage())
              .because(e);
        }
      }

      @Override
      public FileChannelRecordBatch next() {
        FileChannelRecordBatch batch = inner.next();
        position = batch.position() + batch.sizeInBytes();
        return batch;
      }
    };
  }
}
