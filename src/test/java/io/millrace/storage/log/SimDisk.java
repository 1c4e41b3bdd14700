package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps its promises and no more: after {@link #cutPower} there are exactly
 * the bytes and names that were forced, and of what was not, any part: writes are lost, torn at any
 * byte, kept while earlier ones are lost; files shrink back or grow again; names reappear or
 * vanish. {@link #killProcess} loses nothing that a call had returned for. Any call can be made to
 * fail, and the power can go at any call. The same seed gives the same disk.
 *
 * <p>Confined to: the test's thread.
 */
public final class SimDisk implements LogFiles {
  private final Random random;
  private final SimNode.Dir root = new SimNode.Dir();

  private long generation;
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private long failAt = Long.MAX_VALUE;
  private boolean dead;
  private boolean full;
  private Predicate<Path> forcesLost = path -> false;
  private long bytesRead;
  private long forces;

  /** A call met the end of the simulated machine. */
  public static final class PowerCut extends IOException {
    PowerCut() {
      super("the power is off");
    }
  }

  /** A call failed, as a bad disk's do. */
  public static final class Failure extends IOException {
    Failure(String call) {
      super("simulated failure of " + call);
    }
  }

  public SimDisk(long seed) {
    this.random = new Random(seed);
  }

  /** Calls so far that change something, forces included. */
  public long operations() {
    return operations;
  }

  /** Bytes that were read from files so far. */
  public long bytesRead() {
    return bytesRead;
  }

  /** Forces of files and folders so far. */
  public long forces() {
    return forces;
  }

  /** The power goes at this call from now, counted from 1. */
  public void cutPowerAtOperation(long countFromNow) {
    crashAt = operations + countFromNow;
  }

  /** This call from now fails once, counted from 1. */
  public void failOperation(long countFromNow) {
    failAt = operations + countFromNow;
  }

  /** Forces of these files and folders do nothing from now on: a broker that left them out. */
  public void loseForcesOf(Predicate<Path> paths) {
    forcesLost = paths;
  }

  /** Whether nothing can be written because no byte is left. */
  public void setFull(boolean now) {
    full = now;
  }

  /** The power goes and comes back: only what was forced is sure. Open files are gone. */
  public void cutPower() {
    root.crash(random);
    restart();
  }

  /** The process dies and is started again: the page cache lives on. Open files are gone. */
  public void killProcess() {
    restart();
  }

  private void restart() {
    generation++;
    dead = false;
    crashAt = Long.MAX_VALUE;
    failAt = Long.MAX_VALUE;
  }

  /** Counts a call; true when the power goes in the middle of it. */
  private boolean step(String call) throws IOException {
    if (dead) {
      throw new PowerCut();
    }
    operations++;
    if (operations == failAt) {
      throw new Failure(call);
    }
    if (operations == crashAt) {
      dead = true;
      return true;
    }
    return false;
  }

  private void checkAlive() throws IOException {
    if (dead) {
      throw new PowerCut();
    }
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    checkAlive();
    SimNode.Dir dir = dirOf(file);
    String name = nameOf(file);
    SimNode node = dir.live.get(name);
    if (!createNew) {
      if (!(node instanceof SimNode.File found)) {
        throw new NoSuchFileException(file.toString());
      }
      return new Handle(file, found);
    }
    if (node != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    boolean crash = step("create " + file);
    SimNode.File created = new SimNode.File();
    dir.change(new SimNode.Create(name, created));
    endOf(crash);
    return new Handle(file, created);
  }

  private static void endOf(boolean crash) throws IOException {
    if (crash) {
      throw new PowerCut();
    }
  }

  @Override
  public boolean exists(Path path) throws IOException {
    checkAlive();
    return find(path) != null;
  }

  @Override
  public boolean isFolder(Path path) throws IOException {
    checkAlive();
    return find(path) instanceof SimNode.Dir;
  }

  @Override
  public long size(Path file) throws IOException {
    checkAlive();
    if (find(file) instanceof SimNode.File found) {
      return found.size;
    }
    throw new NoSuchFileException(file.toString());
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    checkAlive();
    if (find(dir) instanceof SimNode.Dir found) {
      return found.live.keySet().stream().map(dir::resolve).toList();
    }
    throw new NoSuchFileException(dir.toString());
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    checkAlive();
    SimNode.Dir at = root;
    for (Path part : dir.toAbsolutePath()) {
      SimNode next = at.live.get(part.toString());
      if (next == null) {
        boolean crash = step("mkdir " + dir);
        next = new SimNode.Dir();
        at.change(new SimNode.Create(part.toString(), next));
        endOf(crash);
      }
      at = (SimNode.Dir) next;
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    checkAlive();
    SimNode.Dir dir = dirOf(from);
    if (dirOf(to) != dir) {
      throw new IOException("a rename between folders is not simulated: " + from + ", " + to);
    }
    if (!dir.live.containsKey(nameOf(from))) {
      throw new NoSuchFileException(from.toString());
    }
    boolean crash = step("rename " + from);
    dir.change(new SimNode.Rename(nameOf(from), nameOf(to)));
    endOf(crash);
  }

  @Override
  public void delete(Path path) throws IOException {
    checkAlive();
    SimNode node = find(path);
    if (node == null) {
      return;
    }
    if (node instanceof SimNode.Dir dir && !dir.live.isEmpty()) {
      throw new IOException(path + " is not empty");
    }
    boolean crash = step("delete " + path);
    dirOf(path).change(new SimNode.Delete(nameOf(path)));
    endOf(crash);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    checkAlive();
    if (find(file) instanceof SimNode.File found) {
      bytesRead += found.size;
      return Arrays.copyOf(found.bytes, found.size);
    }
    throw new NoSuchFileException(file.toString());
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (LogFile out = open(temporary, !exists(temporary))) {
      out.truncate(0);
      out.write(new ByteBuffer[] {ByteBuffer.wrap(content)}, 0);
      out.force();
    }
    rename(temporary, file);
    forceDirectory(file.toAbsolutePath().getParent());
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    checkAlive();
    if (!(find(dir) instanceof SimNode.Dir found)) {
      throw new NoSuchFileException(dir.toString());
    }
    forces++;
    boolean crash = step("force folder " + dir);
    if (!forcesLost.test(dir) && (!crash || random.nextBoolean())) {
      found.force();
    }
    endOf(crash);
  }

  @Override
  public long usableBytes(Path dir) {
    return full ? 0 : 1L << 40;
  }

  private @Nullable SimNode find(Path path) {
    SimNode at = root;
    for (Path part : path.toAbsolutePath()) {
      if (!(at instanceof SimNode.Dir dir)) {
        return null;
      }
      at = dir.live.get(part.toString());
    }
    return at;
  }

  private SimNode.Dir dirOf(Path path) throws IOException {
    if (find(path.toAbsolutePath().getParent()) instanceof SimNode.Dir dir) {
      return dir;
    }
    throw new NoSuchFileException(path.toString());
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  private final class Handle implements LogFile {
    private final Path path;
    private final SimNode.File file;
    private final long opened = generation;
    private boolean closed;

    Handle(Path path, SimNode.File file) {
      this.path = path;
      this.file = file;
    }

    private void check() throws IOException {
      checkAlive();
      if (closed || opened != generation) {
        throw new IOException("the file is closed");
      }
    }

    @Override
    public long size() throws IOException {
      check();
      return file.size;
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      check();
      int count = (int) Math.max(0, Math.min(dst.remaining(), file.size - position));
      dst.put(file.bytes, (int) Math.min(position, file.size), count);
      bytesRead += count;
      return count;
    }

    @Override
    public void write(ByteBuffer[] srcs, long position) throws IOException {
      check();
      long at = position;
      for (ByteBuffer src : srcs) {
        byte[] data = new byte[src.remaining()];
        boolean crash = step("write");
        src.get(data);
        if (full) {
          file.write(at, Arrays.copyOf(data, random.nextInt(data.length + 1)));
          throw new IOException("no space is left on the simulated disk");
        }
        if (crash) {
          data = Arrays.copyOf(data, random.nextInt(data.length + 1));
        }
        if (data.length > 0) {
          file.write(at, data);
        }
        endOf(crash);
        at += data.length;
      }
    }

    @Override
    public void force() throws IOException {
      check();
      forces++;
      boolean crash = step("force");
      if (!forcesLost.test(path) && (!crash || random.nextBoolean())) {
        file.force();
      }
      endOf(crash);
    }

    @Override
    public void truncate(long size) throws IOException {
      check();
      boolean crash = step("truncate");
      file.truncate(size);
      endOf(crash);
    }

    @Override
    public @Nullable FileChannel channel() {
      return null;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
