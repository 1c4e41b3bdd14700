package io.millrace.storage;

import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** The real disk, with a folder that fails and a free space that is what the test says. */
final class TroubledFiles implements LogFiles {
  private final DiskFiles disk = new DiskFiles();
  Path broken;
  long usableBytes = 1L << 40;
  int refusedWrites;
  int measurements;

  private void check(Path path) throws IOException {
    if (broken != null && path.startsWith(broken)) {
      throw new IOException("broken on purpose");
    }
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    check(file);
    LogFile open = disk.open(file, createNew);
    return new LogFile() {
      @Override
      public long size() throws IOException {
        return open.size();
      }

      @Override
      public int read(ByteBuffer dst, long position) throws IOException {
        check(file);
        return open.read(dst, position);
      }

      @Override
      public void write(ByteBuffer[] srcs, long position) throws IOException {
        check(file);
        if (usableBytes == 0) {
          refusedWrites++;
          open.write(new ByteBuffer[] {srcs[0].slice(0, srcs[0].remaining() / 2)}, position);
          throw new IOException("No space left on device");
        }
        open.write(srcs, position);
      }

      @Override
      public void force() throws IOException {
        check(file);
        open.force();
      }

      @Override
      public void truncate(long size) throws IOException {
        open.truncate(size);
      }

      @Override
      public FileChannel channel() {
        return open.channel();
      }

      @Override
      public void close() throws IOException {
        open.close();
      }
    };
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return disk.size(file);
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    check(dir);
    return disk.list(dir);
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    check(dir);
    disk.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(from);
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    check(path);
    disk.delete(path);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    check(file);
    return disk.readAll(file);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    check(file);
    if (usableBytes == 0) {
      throw new IOException("No space left on device");
    }
    disk.writeAtomically(file, content);
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    check(dir);
    disk.forceDirectory(dir);
  }

  @Override
  public long usableBytes(Path dir) {
    measurements++;
    return usableBytes;
  }
}
