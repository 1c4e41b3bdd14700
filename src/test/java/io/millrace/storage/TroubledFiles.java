package io.millrace.storage;

import io.millrace.storage.log.FileNames;
import io.millrace.storage.log.ForwardingFiles;
import io.millrace.storage.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real disk, with a folder that fails and a free space that is what the test says. */
final class TroubledFiles extends ForwardingFiles {
  /** Nothing below it works. */
  @Nullable Path broken;

  /** It must not be opened, read or replaced. */
  @Nullable Path forbidden;

  /** Nor may it be listed, nor anything in it. */
  boolean forbidsListing;

  /** What opening a file fails with, null for what is opened. */
  Function<Path, @Nullable IOException> fault = file -> null;

  /** What is free; with 0 bytes nothing is written. */
  long usableBytes = 1L << 40;

  /** So many files can still be made, whatever is free. */
  int freeInodes = Integer.MAX_VALUE;

  /** What lies below it is on a disk of its own, to which {@link #usableBytes} does not apply. */
  @Nullable Path elsewhere;

  int refusedWrites;
  int measurements;

  /** How many index files are open now. */
  int openIndexes;

  /** How often a folder of logs was forced, not one of a log. */
  int forcedFolders;

  /** How many offset indexes were opened. */
  int openedIndexes;

  TroubledFiles() {
    super(new DiskFiles());
  }

  private void check(Path path) throws IOException {
    if (broken != null && path.startsWith(broken)) {
      throw new IOException("broken on purpose");
    }
  }

  private void checkPermission(Path path) throws IOException {
    if (forbidden != null && path.startsWith(forbidden)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  private boolean isFull(Path path) {
    return usableBytes == 0 && !isElsewhere(path);
  }

  private boolean isElsewhere(Path path) {
    return elsewhere != null && path.startsWith(elsewhere);
  }

  private void takeInode(Path path) throws IOException {
    if (isElsewhere(path)) {
      return;
    }
    if (freeInodes == 0) {
      throw noSpace();
    }
    freeInodes--;
  }

  private static IOException noSpace() {
    return new IOException("No space left on device");
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    check(file);
    checkPermission(file);
    IOException failure = fault.apply(file);
    if (failure != null) {
      throw failure;
    }
    if (!exists(file)) {
      takeInode(file);
    }
    openedIndexes += file.toString().endsWith(FileNames.INDEX) ? 1 : 0;
    openIndexes += isIndex(file) ? 1 : 0;
    return new Troubled(file, super.open(file, createNew));
  }

  private static boolean isIndex(Path file) {
    return file.toString().endsWith(FileNames.INDEX)
        || file.toString().endsWith(FileNames.TIME_INDEX);
  }

  private final class Troubled extends Opened {
    private final Path file;

    Troubled(Path file, LogFile open) {
      super(open);
      this.file = file;
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      check(file);
      return super.read(dst, position);
    }

    @Override
    public void write(ByteBuffer[] srcs, long position) throws IOException {
      check(file);
      if (isFull(file)) {
        refusedWrites++;
        super.write(new ByteBuffer[] {srcs[0].slice(0, srcs[0].remaining() / 2)}, position);
        throw noSpace();
      }
      super.write(srcs, position);
    }

    @Override
    public void close() throws IOException {
      openIndexes -= isIndex(file) ? 1 : 0;
      super.close();
    }

    @Override
    public void touch(long position, int sizeBytes) throws IOException {
      check(file);
      super.touch(position, sizeBytes);
    }

    @Override
    public void force() throws IOException {
      check(file);
      super.force();
    }
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    check(dir);
    if (forbidsListing) {
      checkPermission(dir);
    }
    return super.list(dir);
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    check(dir);
    if (!exists(dir)) {
      if (isFull(dir)) {
        throw noSpace();
      }
      takeInode(dir);
    }
    super.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(from);
    super.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    check(path);
    freeInodes += freeInodes < Integer.MAX_VALUE && !isElsewhere(path) && exists(path) ? 1 : 0;
    super.delete(path);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    check(file);
    return super.readAll(file);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    check(file);
    if (isFull(file)) {
      throw noSpace();
    }
    takeInode(file); // for the new content beside the old
    freeInodes += exists(file) ? 1 : 0;
    super.writeAtomically(file, content);
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    check(dir);
    forcedFolders += exists(dir.resolve(FolderIdentity.META)) ? 1 : 0;
    super.forceDirectory(dir);
  }

  @Override
  public long usableBytes(Path dir) throws IOException {
    measurements++;
    if (!exists(dir)) {
      throw new NoSuchFileException(dir.toString());
    }
    return isElsewhere(dir) ? 1L << 40 : usableBytes;
  }
}
