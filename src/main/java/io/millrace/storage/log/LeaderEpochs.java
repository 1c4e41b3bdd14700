package io.millrace.storage.log;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where each leader epoch begins in the log (KIP-101, KIP-279); the content of {@code
 * leader-epoch-checkpoint}.
 *
 * <p>Confined to: the log's owner.
 */
final class LeaderEpochs {
  /** No epoch is known. */
  static final int NONE = -1;

  private final TreeMap<Integer, Long> starts = new TreeMap<>();
  private boolean changed;

  /** Notes that a batch of this epoch stands at {@code startOffset}; old epochs say nothing new. */
  void assign(int epoch, long startOffset) {
    if (epoch < 0 || epoch <= latest()) {
      return;
    }
    while (!starts.isEmpty() && starts.lastEntry().getValue() >= startOffset) {
      starts.pollLastEntry();
    }
    starts.put(epoch, startOffset);
    changed = true;
  }

  int latest() {
    return starts.isEmpty() ? NONE : starts.lastKey();
  }

  /** Epoch of the record at {@code offset}. */
  int at(long offset) {
    for (Map.Entry<Integer, Long> start : starts.descendingMap().entrySet()) {
      if (start.getValue() <= offset) {
        return start.getKey();
      }
    }
    return NONE;
  }

  /** Where the largest known epoch that is at most {@code epoch} ends. */
  EpochEnd endOf(int epoch, long logEndOffset) {
    if (epoch < 0 || starts.isEmpty()) {
      return EpochEnd.UNKNOWN;
    }
    if (epoch == latest()) {
      return new EpochEnd(epoch, logEndOffset);
    }
    Map.Entry<Integer, Long> next = starts.higherEntry(epoch);
    if (next == null) {
      return EpochEnd.UNKNOWN;
    }
    Integer floor = starts.floorKey(epoch);
    return new EpochEnd(floor == null ? epoch : floor, next.getValue());
  }

  /**
   * Up to where two logs hold the same, by the newest epoch that both know; −1 when they share
   * none.
   *
   * @param end where the log with these epochs ends
   * @param other epochs of the other log
   * @param otherEnd where that one ends
   */
  long commonEnd(long end, LeaderEpochs other, long otherEnd) {
    for (int epoch : other.starts.descendingKeySet()) {
      if (starts.containsKey(epoch)) {
        return Math.min(endOf(epoch, end).endOffset(), other.endOf(epoch, otherEnd).endOffset());
      }
    }
    return -1;
  }

  /** The log was cut: epochs that begin at or behind {@code offset} go. */
  void truncateFromEnd(long offset) {
    while (!starts.isEmpty() && starts.lastEntry().getValue() >= offset) {
      starts.pollLastEntry();
      changed = true;
    }
  }

  /** The log starts at {@code offset}: the epoch in force there begins there, older ones go. */
  void truncateFromStart(long offset) {
    Integer inForce = null;
    while (!starts.isEmpty() && starts.firstEntry().getValue() <= offset) {
      if (starts.firstEntry().getValue() == offset && inForce == null) {
        return;
      }
      inForce = starts.pollFirstEntry().getKey();
    }
    if (inForce != null) {
      starts.put(inForce, offset);
      changed = true;
    }
  }

  void clear() {
    changed |= !starts.isEmpty();
    starts.clear();
  }

  /** Whether the content differs from what {@link #encode} last gave. */
  boolean isChanged() {
    return changed;
  }

  /** The file's content. */
  byte[] encode() {
    changed = false;
    return content();
  }

  /** As {@link #encode}, for a file elsewhere. */
  byte[] content() {
    StringBuilder text = new StringBuilder("0\n").append(starts.size()).append('\n');
    starts.forEach((epoch, start) -> text.append(epoch).append(' ').append(start).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException when it has not the format
   */
  static LeaderEpochs decode(byte[] content) {
    LeaderEpochs epochs = new LeaderEpochs();
    for (String line : CheckpointText.lines(content)) {
      String[] fields = line.split(" ");
      if (fields.length != 2) {
        throw new IllegalArgumentException("not an epoch and an offset: " + line);
      }
      epochs.assign(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
    }
    epochs.changed = false;
    return epochs;
  }
}
