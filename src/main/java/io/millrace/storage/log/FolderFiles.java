package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log's folder, tidied: what an interrupted deletion, compaction or truncation left
 * is finished or undone, as Kafka does it.
 *
 * @param bases base offsets of the segments, ascending
 * @param names names of all files
 */
record FolderFiles(List<Long> bases, Set<String> names) {
  private static final Logger LOGGER = LoggerFactory.getLogger(FolderFiles.class);

  /** Those of a folder that is missing or empty. */
  static final FolderFiles NONE = new FolderFiles(List.of(), Set.of());

  static FolderFiles tidy(LogFiles files, Path dir) throws IOException {
    List<Path> all = files.list(dir);
    boolean tidy = true;
    long firstCleaned = Long.MAX_VALUE;
    List<Path> swaps = new ArrayList<>();
    for (Path file : all) {
      if (FileNames.is(file, FileNames.CLEANED)) {
        firstCleaned = Math.min(firstCleaned, FileNames.offsetOf(file));
      } else if (FileNames.is(file, FileNames.SWAP)) {
        swaps.add(file);
      }
      if (isTemporary(file)) {
        files.delete(file);
        tidy = false;
      }
    }
    if (swaps.isEmpty()) {
      return of(tidy ? all : files.list(dir));
    }
    finishSwaps(files, dir, swaps, firstCleaned);
    return of(files.list(dir));
  }

  private static boolean isTemporary(Path file) {
    return FileNames.is(file, FileNames.CLEANED)
        || FileNames.is(file, FileNames.DELETED)
        || FileNames.is(file, ".tmp");
  }

  /**
   * Swapped-in segments take their place; the segments that they cover go. An index without its
   * batches belongs to no whole segment and goes too.
   */
  private static void finishSwaps(LogFiles files, Path dir, List<Path> swaps, long firstCleaned)
      throws IOException {
    NavigableMap<Long, Long> whole = new TreeMap<>();
    for (Path swap : swaps) {
      long base = FileNames.offsetOf(swap);
      if (base < firstCleaned && FileNames.is(swap, FileNames.LOG + FileNames.SWAP)) {
        long end = endOf(files, swap, base);
        if (end < 0) {
          undoSwaps(files, dir, swaps, swap);
          return;
        }
        whole.put(base, end);
      }
    }
    // The old may go only when the new ones' names are sure, and those change only afterwards.
    files.forceDirectory(dir);
    List<Path> all = files.list(dir);
    if (all.stream().anyMatch(file -> isReplacedInPlace(file, whole))) {
      joinRanges(whole);
    }
    for (Path file : all) {
      long base = FileNames.offsetOf(file);
      boolean superseded =
          FileNames.is(file, FileNames.SWAP) ? !whole.containsKey(base) : covers(whole, base);
      if (base >= 0 && superseded) {
        files.delete(file);
      }
    }
    files.forceDirectory(dir);
    for (Path swap : swaps) {
      if (whole.containsKey(FileNames.offsetOf(swap))) {
        String name = swap.getFileName().toString();
        files.rename(swap, dir.resolve(name.substring(0, name.length() - FileNames.SWAP.length())));
      }
    }
    files.forceDirectory(dir);
  }

  /**
   * Has the old segments stay, as far as they are all there: one of the new ones is damaged, which
   * no crash does, for they are forced before they get that name.
   */
  private static void undoSwaps(LogFiles files, Path dir, List<Path> swaps, Path damaged)
      throws IOException {
    for (Path swap : swaps) {
      Path old = FileNames.of(dir, FileNames.offsetOf(swap), FileNames.LOG);
      if (FileNames.is(swap, FileNames.LOG + FileNames.SWAP) && !files.exists(old)) {
        throw new CorruptLogException(
            damaged, 0, "not all of it are batches, and the segments that it replaces are gone");
      }
    }
    LOGGER.warn("{} is damaged: its compaction is undone, the segments before it stay", damaged);
    for (Path swap : swaps) {
      files.delete(swap);
    }
    files.forceDirectory(dir);
  }

  private static boolean isReplacedInPlace(Path file, NavigableMap<Long, Long> whole) {
    return FileNames.is(file, FileNames.LOG) && whole.containsKey(FileNames.offsetOf(file));
  }

  /**
   * No new segment has its name yet: what lies between two of them is old, and was emptied. If it
   * stayed, records could outlive the tombstones that a later segment has dropped.
   */
  private static void joinRanges(NavigableMap<Long, Long> whole) {
    for (Map.Entry<Long, Long> each : whole.entrySet()) {
      Long next = whole.higherKey(each.getKey());
      if (next != null) {
        each.setValue(next);
      }
    }
  }

  private static boolean covers(NavigableMap<Long, Long> whole, long base) {
    Map.Entry<Long, Long> below = whole.floorEntry(base);
    return below != null && (below.getKey() == base || base < below.getValue());
  }

  /** Where its records end; −1 when it is not whole batches to its end. */
  private static long endOf(LogFiles files, Path swap, long base) throws IOException {
    try (LogFile file = files.open(swap, false)) {
      BatchCursor cursor = new BatchCursor(file, 0, file.size());
      long end = base;
      while (cursor.next()) {
        end = cursor.lastOffset() + 1;
      }
      return cursor.endPosition() == file.size() ? end : -1;
    }
  }

  private static FolderFiles of(List<Path> all) {
    List<Long> bases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path file : all) {
      names.add(file.getFileName().toString());
      if (FileNames.is(file, FileNames.LOG) && FileNames.offsetOf(file) >= 0) {
        bases.add(FileNames.offsetOf(file));
      }
    }
    return new FolderFiles(bases, names);
  }

  boolean has(Path file) {
    return names.contains(file.getFileName().toString());
  }

  /**
   * Deletes what a segment or a producer snapshot left: there is no segment any more.
   *
   * @return number of files
   */
  int deleteOffsetFiles(LogFiles files, Path dir) throws IOException {
    int deleted = 0;
    for (String name : names) {
      Path file = dir.resolve(name);
      if (FileNames.offsetOf(file) >= 0) {
        files.delete(file);
        deleted++;
      }
    }
    return deleted;
  }
}
