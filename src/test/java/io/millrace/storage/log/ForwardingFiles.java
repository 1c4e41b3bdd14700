package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes every call on to another disk: tests override what they disturb or count. As thread-safe
 * as that disk.
 */
public class ForwardingFiles implements LogFiles {
  private final LogFiles files;

  public ForwardingFiles(LogFiles files) {
    this.files = files;
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    return files.open(file, createNew);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return files.exists(path);
  }

  @Override
  public boolean isFolder(Path path) throws IOException {
    return files.isFolder(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return files.size(file);
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    return files.list(dir);
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    files.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    files.delete(path);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    return files.readAll(file);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    files.writeAtomically(file, content);
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    files.forceDirectory(dir);
  }

  @Override
  public long usableBytes(Path dir) throws IOException {
    return files.usableBytes(dir);
  }

  @Override
  public long totalBytes(Path dir) throws IOException {
    return files.totalBytes(dir);
  }

  /** Passes every call on to another open file. */
  public static class Opened implements LogFile {
    private final LogFile file;

    public Opened(LogFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      return file.read(dst, position);
    }

    @Override
    public void write(ByteBuffer[] srcs, long position) throws IOException {
      file.write(srcs, position);
    }

    @Override
    public void touch(long position, int sizeBytes) throws IOException {
      file.touch(position, sizeBytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public @Nullable FileChannel channel() {
      return file.channel();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
