package io.millrace.cli;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import ch.qos.logback.core.status.WarnStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log file that is appended to. When it is full it is moved to the same name with {@code .1}
 * behind it, the one that was there to {@code .2}, and so on; the last one is dropped. A disk that
 * is full or gone for a while is tried again. Confined to: one thread at a time.
 */
final class RollingFile extends OutputStream {
  private static final int BUFFER_BYTES = 8192;

  private final Context context;
  private final Path file;
  private final long bytesMax;
  private final int oldFiles;
  private OutputStream out;
  private long bytes;

  /**
   * Opens the file.
   *
   * @param context is told of faults of the disk
   * @param bytesMax size from which on it is full
   * @param oldFiles number of full ones that are kept
   */
  RollingFile(Context context, Path file, long bytesMax, int oldFiles) throws IOException {
    this.context = context;
    this.file = file;
    this.bytesMax = bytesMax;
    this.oldFiles = oldFiles;
    this.bytes = Files.exists(file) ? Files.size(file) : 0;
    this.out = opened();
  }

  private OutputStream opened() throws IOException {
    ResilientFileOutputStream opened =
        new ResilientFileOutputStream(file.toFile(), true, BUFFER_BYTES);
    opened.setContext(context);
    return opened;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /** The bytes of one line, which are never torn apart. */
  @Override
  public void write(byte[] line, int from, int length) throws IOException {
    if (bytes >= bytesMax) {
      roll();
    }
    out.write(line, from, length);
    bytes += length;
  }

  /** A file that cannot be moved grows on, and is tried again when it has grown as much again. */
  private void roll() throws IOException {
    out.close();
    try {
      for (int i = oldFiles; i > 0; i--) {
        Path from = i == 1 ? file : numbered(i - 1);
        if (Files.exists(from)) {
          Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      context.getStatusManager().add(new WarnStatus("a full log file cannot be moved", this, e));
    }
    bytes = 0;
    out = opened();
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
