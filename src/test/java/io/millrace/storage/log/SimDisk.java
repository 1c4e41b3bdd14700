package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
  private final Dir root = new Dir();

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
    Dir dir = dirOf(file);
    String name = nameOf(file);
    Node node = dir.live.get(name);
    if (!createNew) {
      if (!(node instanceof File found)) {
        throw new NoSuchFileException(file.toString());
      }
      return new Handle(file, found);
    }
    if (node != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    boolean crash = step("create " + file);
    File created = new File();
    dir.change(new Create(name, created));
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
  public long size(Path file) throws IOException {
    checkAlive();
    if (find(file) instanceof File found) {
      return found.size;
    }
    throw new NoSuchFileException(file.toString());
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    checkAlive();
    if (find(dir) instanceof Dir found) {
      return found.live.keySet().stream().map(dir::resolve).toList();
    }
    throw new NoSuchFileException(dir.toString());
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    checkAlive();
    Dir at = root;
    for (Path part : dir.toAbsolutePath()) {
      Node next = at.live.get(part.toString());
      if (next == null) {
        boolean crash = step("mkdir " + dir);
        next = new Dir();
        at.change(new Create(part.toString(), next));
        endOf(crash);
      }
      at = (Dir) next;
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    checkAlive();
    Dir dir = dirOf(from);
    if (dirOf(to) != dir) {
      throw new IOException("a rename between folders is not simulated: " + from + ", " + to);
    }
    if (!dir.live.containsKey(nameOf(from))) {
      throw new NoSuchFileException(from.toString());
    }
    boolean crash = step("rename " + from);
    dir.change(new Rename(nameOf(from), nameOf(to)));
    endOf(crash);
  }

  @Override
  public void delete(Path path) throws IOException {
    checkAlive();
    Node node = find(path);
    if (node == null) {
      return;
    }
    if (node instanceof Dir dir && !dir.live.isEmpty()) {
      throw new IOException(path + " is not empty");
    }
    boolean crash = step("delete " + path);
    dirOf(path).change(new Delete(nameOf(path)));
    endOf(crash);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    checkAlive();
    if (find(file) instanceof File found) {
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
    if (!(find(dir) instanceof Dir found)) {
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

  private @Nullable Node find(Path path) {
    Node at = root;
    for (Path part : path.toAbsolutePath()) {
      if (!(at instanceof Dir dir)) {
        return null;
      }
      at = dir.live.get(part.toString());
    }
    return at;
  }

  private Dir dirOf(Path path) throws IOException {
    if (find(path.toAbsolutePath().getParent()) instanceof Dir dir) {
      return dir;
    }
    throw new NoSuchFileException(path.toString());
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  private sealed interface Node permits File, Dir {
    /** Keeps what was forced and any part of what was not. */
    void crash(Random random);
  }

  private sealed interface NameChange permits Create, Rename, Delete {}

  private record Create(String name, Node node) implements NameChange {}

  private record Rename(String from, String to) implements NameChange {}

  private record Delete(String name) implements NameChange {}

  private static final class Dir implements Node {
    private Map<String, Node> live = new TreeMap<>();
    private Map<String, Node> durable = new TreeMap<>();
    private final List<NameChange> unforced = new ArrayList<>();

    void change(NameChange change) {
      apply(live, change);
      unforced.add(change);
    }

    private static void apply(Map<String, Node> names, NameChange change) {
      if (change instanceof Create create) {
        names.put(create.name(), create.node());
      } else if (change instanceof Rename rename) {
        Node node = names.remove(rename.from());
        if (node != null) {
          names.put(rename.to(), node);
        }
      } else if (change instanceof Delete delete) {
        names.remove(delete.name());
      }
    }

    void force() {
      durable = new TreeMap<>(live);
      unforced.clear();
    }

    @Override
    public void crash(Random random) {
      int mode = random.nextInt(4);
      for (NameChange change : unforced) {
        if (mode == 0 || (mode > 1 && random.nextBoolean())) {
          apply(durable, change);
        }
      }
      live = new TreeMap<>(durable);
      unforced.clear();
      durable.values().forEach(node -> node.crash(random));
    }
  }

  /** An unforced change of a file: bytes at a position, or a new size when there are none. */
  private record Change(long position, byte @Nullable [] bytes) {}

  private static final class File implements Node {
    private byte[] bytes = {};
    private int size;
    private byte[] durable = {};
    private final List<Change> unforced = new ArrayList<>();

    void write(long position, byte[] data) {
      put(position, data);
      unforced.add(new Change(position, data));
    }

    private void put(long position, byte[] data) {
      int end = (int) position + data.length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      System.arraycopy(data, 0, bytes, (int) position, data.length);
      size = Math.max(size, end);
    }

    void truncate(long newSize) {
      if (newSize < size) {
        cut(newSize);
        unforced.add(new Change(newSize, null));
      }
    }

    private void cut(long newSize) {
      if (newSize < size) {
        Arrays.fill(bytes, (int) newSize, size, (byte) 0);
        size = (int) newSize;
      }
    }

    void force() {
      durable = Arrays.copyOf(bytes, size);
      unforced.clear();
    }

    @Override
    public void crash(Random random) {
      bytes = durable.clone();
      size = durable.length;
      int mode = random.nextInt(4);
      for (Change change : unforced) {
        if (mode == 0 || (mode > 1 && random.nextBoolean())) {
          survive(change, random);
        }
      }
      durable = Arrays.copyOf(bytes, size);
      unforced.clear();
    }

    private void survive(Change change, Random random) {
      if (change.bytes() == null) {
        cut(change.position());
      } else if (random.nextInt(3) > 0) {
        put(change.position(), change.bytes());
      } else {
        int from = random.nextInt(2) * random.nextInt(change.bytes().length + 1);
        int to = from + random.nextInt(change.bytes().length - from + 1);
        put(change.position() + from, Arrays.copyOfRange(change.bytes(), from, to));
      }
    }
  }

  private final class Handle implements LogFile {
    private final Path path;
    private final File file;
    private final long opened = generation;
    private boolean closed;

    Handle(Path path, File file) {
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
