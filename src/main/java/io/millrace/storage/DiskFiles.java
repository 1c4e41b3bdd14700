package io.millrace.storage;

import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The real disk. Thread-safe. */
public final class DiskFiles implements LogFiles {
  /** Takes pages without a copy, so that they need only be there; null where there is none. */
  private static final @Nullable FileChannel NOWHERE = openNowhere();

  private static @Nullable FileChannel openNowhere() {
    try {
      return FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    FileChannel channel =
        createNew
            ? FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW)
            : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new DiskFile(channel);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public boolean isFolder(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    try (Stream<Path> names = Files.list(dir)) {
      return names.sorted().toList();
    }
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    Files.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    rename(temporary, file);
    forceDirectory(file.toAbsolutePath().getParent());
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableBytes(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      throw new NoSuchFileException(dir.toString());
    }
    // A file store tells faults, but reads the list of all mounts first: a hundred times as long.
    long bytes = dir.toFile().getUsableSpace();
    return bytes > 0 ? bytes : Files.getFileStore(dir).getUsableSpace();
  }

  @Override
  public long totalBytes(Path dir) throws IOException {
    long bytes = dir.toFile().getTotalSpace();
    return bytes > 0 ? bytes : Files.getFileStore(dir).getTotalSpace();
  }

  /** A file channel. Reads are positional; the one writer uses the channel's own position. */
  private static final class DiskFile implements LogFile {
    private final FileChannel channel;

    // Confined to: the writer.
    private long channelPosition;

    DiskFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      int total = 0;
      while (dst.hasRemaining()) {
        int n = channel.read(dst, position + total);
        if (n < 0) {
          break;
        }
        total += n;
      }
      return total;
    }

    @Override
    public void touch(long position, int sizeBytes) throws IOException {
      if (NOWHERE == null) {
        LogFile.super.touch(position, sizeBytes);
        return;
      }
      long end = position + sizeBytes;
      for (long at = position; at < end; ) {
        long n = channel.transferTo(at, end - at, NOWHERE);
        if (n <= 0) {
          throw new EOFException("the file ends at " + at + ", before the region does");
        }
        at += n;
      }
    }

    @Override
    public void write(ByteBuffer[] srcs, long position) throws IOException {
      if (channelPosition != position) {
        channel.position(position);
      }
      channelPosition = -1; // a write that fails leaves it anywhere
      int first = 0;
      long written = 0;
      while (first < srcs.length) {
        written += channel.write(srcs, first, srcs.length - first);
        while (first < srcs.length && !srcs[first].hasRemaining()) {
          first++;
        }
      }
      channelPosition = position + written;
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
      channelPosition = -1;
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
