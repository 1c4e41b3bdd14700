package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Notes who is the first to read each page of a disk, as if nothing but what was read were in
 * memory: a loop that is the first may wait for the disk.
 *
 * <p>Confined to: the test's thread.
 */
public final class WatchedPages extends ForwardingFiles {
  private static final int PAGE_BYTES = 4096;

  private final BooleanSupplier inStepOfLoop;
  private final Set<String> inMemory = new HashSet<>();
  private final List<Page> loopsWaitedFor = new ArrayList<>();
  private int touches;
  private long touchedBytes;

  /**
   * One page.
   *
   * @param file name of the file, without its folder
   * @param number of the page, from 0
   */
  public record Page(String file, long number) {}

  /**
   * @param inStepOfLoop whether a loop runs now, rather than a worker
   */
  public WatchedPages(LogFiles files, BooleanSupplier inStepOfLoop) {
    super(files);
    this.inStepOfLoop = inStepOfLoop;
  }

  /** From now on no page is in memory, and nothing has happened. */
  public void forget() {
    inMemory.clear();
    loopsWaitedFor.clear();
    touches = 0;
    touchedBytes = 0;
  }

  /** Pages that a loop was the first to read. */
  public List<Page> loopsWaitedFor() {
    return List.copyOf(loopsWaitedFor);
  }

  /** How many times records were brought into memory. */
  public int touches() {
    return touches;
  }

  /** Bytes of records that were brought into memory; those that were there already as well. */
  public long touchedBytes() {
    return touchedBytes;
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    return new Watched(file, super.open(file, createNew));
  }

  private final class Watched extends Opened {
    private final Path path;

    Watched(Path path, LogFile file) {
      super(file);
      this.path = path;
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      int bytes = super.read(dst, position);
      take(position, bytes);
      return bytes;
    }

    @Override
    public void touch(long position, int sizeBytes) throws IOException {
      super.touch(position, sizeBytes);
      touches++;
      touchedBytes += sizeBytes;
      take(position, sizeBytes);
    }

    private void take(long position, int bytes) {
      for (long page = position / PAGE_BYTES; page * PAGE_BYTES < position + bytes; page++) {
        if (inMemory.add(path + ":" + page) && inStepOfLoop.getAsBoolean()) {
          loopsWaitedFor.add(new Page(path.getFileName().toString(), page));
        }
      }
    }
  }
}
