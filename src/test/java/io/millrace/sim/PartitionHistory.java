package io.millrace.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients know of one partition, and what therefore must hold: an offset stands for one record
 * for ever, a record stands at one offset, what was acknowledged or delivered is still there after
 * a crash, the high watermark does not fall, and nothing is deleted that nobody asked to delete.
 *
 * <p>Confined to the test's thread.
 */
final class PartitionHistory {
  /** A record as a client sees it; values are unique. */
  record Known(@Nullable String key, @Nullable String value) {}

  private final String name;
  private final boolean durable;
  private final boolean compacted;
  private final boolean expires;

  private final TreeMap<Long, Known> known = new TreeMap<>();
  private final Map<String, Long> offsetOf = new HashMap<>();
  private long highWatermark;
  private long deletableBelow;
  private long leaderEpoch = -1;
  private long deletedBelow;
  private int losses;

  /**
   * The history of a new partition.
   *
   * @param durable every acknowledged record was flushed
   * @param compacted records may be compacted away
   * @param expires records may be deleted by retention
   */
  PartitionHistory(String name, boolean durable, boolean compacted, boolean expires) {
    this.name = name;
    this.durable = durable;
    this.compacted = compacted;
    this.expires = expires;
  }

  String name() {
    return name;
  }

  /** How often unflushed records were lost by a power cut. */
  int losses() {
    return losses;
  }

  /** A produce was acknowledged: the records stand from {@code baseOffset} on. */
  void acknowledged(long baseOffset, List<Known> records) {
    SimWorld.count("acknowledged", records.size());
    for (int i = 0; i < records.size(); i++) {
      note(baseOffset + i, records.get(i));
    }
  }

  /** A consumer was given a record. */
  void delivered(long offset, Known record) {
    SimWorld.count("delivered", 1);
    note(offset, record);
  }

  private void note(long offset, Known record) {
    Known before = known.putIfAbsent(offset, record);
    check(
        before == null || before.equals(record),
        "offset %d stood for %s and now for %s",
        offset,
        before,
        record);
    if (record.value() != null) {
      Long other = offsetOf.putIfAbsent(record.value(), offset);
      check(
          other == null || other == offset,
          "%s stands at %d and at %d: appended twice",
          record,
          other,
          offset);
    }
  }

  /** An answer named the high watermark. */
  void sawHighWatermark(long offset) {
    check(offset >= highWatermark, "the high watermark fell from %d to %d", highWatermark, offset);
    highWatermark = offset;
  }

  /** DeleteRecords was asked for, answered or not. */
  void deleteAsked(long belowOffset) {
    deletableBelow = Math.max(deletableBelow, belowOffset);
  }

  /** DeleteRecords was answered: no end of the broker may bring the records back. */
  void deleted(long belowOffset) {
    SimWorld.count("deletions answered", 1);
    deletedBelow = Math.max(deletedBelow, belowOffset);
  }

  /** A log start was seen. */
  void sawLogStart(long offset) {
    check(
        expires || offset <= deletableBelow,
        "the log starts at %d, but only %d was given up",
        offset,
        deletableBelow);
  }

  /**
   * The broker serves again after an end that nothing but the process survived, or not even that.
   *
   * @param powerCut whether unforced bytes were lost
   */
  void restarted(long logStart, long logEnd, long epoch, boolean powerCut) {
    sawLogStart(logStart);
    check(
        logStart >= Math.min(deletedBelow, logEnd),
        "records below %d were deleted, but the log starts at %d and ends at %d after a restart",
        deletedBelow,
        logStart,
        logEnd);
    long end = known.isEmpty() ? 0 : known.lastKey() + 1;
    boolean lost = end > logEnd;
    check(
        !lost || (powerCut && !durable),
        "known up to %d, but the log ends at %d after a restart",
        end,
        logEnd);
    check(
        !lost || epoch > leaderEpoch,
        "records were lost, but the leader epoch stayed at %d",
        leaderEpoch);
    if (lost) {
      SimWorld.count("losses of unflushed records", 1);
    }
    if (powerCut && !durable) {
      // A record that nobody was told of may have stood where another stands soon.
      forgetFrom(logEnd);
      highWatermark = Math.min(highWatermark, logEnd);
      losses++;
    }
    leaderEpoch = epoch;
  }

  private void forgetFrom(long offset) {
    Map<Long, Known> lost = known.tailMap(offset, true);
    lost.values().forEach(record -> offsetOf.remove(record.value()));
    lost.clear();
  }

  /** The whole log was read, from its start to its end: nothing that must be there is missing. */
  void checkComplete(long logStart, TreeMap<Long, Known> all) {
    sawLogStart(logStart);
    if (expires && logStart > 0) {
      SimWorld.count("logs shortened by retention", 1);
    }
    if (compacted) {
      SimWorld.count(
          "records compacted away",
          known.keySet().stream().filter(offset -> !all.containsKey(offset)).count());
      checkCompacted(all);
      return;
    }
    long expected = logStart;
    for (long offset : all.keySet()) {
      check(offset == expected, "offset %d is followed by %d", expected - 1, offset);
      expected++;
    }
    for (Map.Entry<Long, Known> entry : known.tailMap(logStart, true).entrySet()) {
      check(
          all.containsKey(entry.getKey()),
          "%s at %d was acknowledged or delivered and is missing",
          entry.getValue(),
          entry.getKey());
    }
  }

  /** What is gone has a later record of the same key. */
  private void checkCompacted(TreeMap<Long, Known> all) {
    Map<String, Long> last = new HashMap<>();
    known.forEach(
        (offset, record) -> last.merge(Objects.requireNonNull(record.key()), offset, Math::max));
    all.forEach(
        (offset, record) -> last.merge(Objects.requireNonNull(record.key()), offset, Math::max));
    known.forEach(
        (offset, record) -> {
          boolean newest = last.get(record.key()).equals(offset);
          check(
              all.containsKey(offset) || !newest || record.value() == null,
              "%s at %d was the newest of its key and is missing",
              record,
              offset);
        });
  }

  private void check(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new AssertionError(name + ": " + String.format(message, args));
    }
  }
}
