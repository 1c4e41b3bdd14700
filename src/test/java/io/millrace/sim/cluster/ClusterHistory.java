package io.millrace.sim.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one replicated partition, whoever leads it: an offset that was acknowledged,
 * delivered or below the high watermark of any replica stands for one record for ever, a record
 * stands at one offset, and the high watermark does not fall within a leader epoch.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterHistory {
  /**
   * A batch's record as it stands in a log.
   *
   * @param value its unique value
   * @param leaderEpoch epoch of its batch; -1 where it is not known
   */
  record Stands(String value, int leaderEpoch) {
    boolean agrees(Stands other) {
      return value.equals(other.value)
          && (leaderEpoch < 0 || other.leaderEpoch < 0 || leaderEpoch == other.leaderEpoch);
    }
  }

  private final String topic;
  private final int partition;
  private final String name;
  private final TreeMap<Long, Stands> committed = new TreeMap<>();
  private final Map<String, Long> offsetOf = new HashMap<>();
  private final Map<Integer, Long> highWatermarks = new HashMap<>();
  private final Map<Integer, String> leaders = new HashMap<>();

  ClusterHistory(String topic, int partition) {
    this.topic = topic;
    this.partition = partition;
    this.name = topic + "-" + partition;
  }

  String topic() {
    return topic;
  }

  int partition() {
    return partition;
  }

  String name() {
    return name;
  }

  /** A produce with acks=all was acknowledged: its records stand from {@code baseOffset} on. */
  void acknowledged(long baseOffset, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      long offset = baseOffset + i;
      committed(offset, new Stands(values.get(i), -1), "acknowledged");
    }
    ClusterWorld.count("acknowledged", values.size());
  }

  /** A record was seen below a high watermark. */
  void committed(long offset, Stands record, String how) {
    Stands before = committed.putIfAbsent(offset, record);
    check(
        before == null || before.agrees(record),
        "logs-agree",
        "offset %d stood for %s and is %s %s",
        offset,
        before,
        how,
        record);
    if (before != null && before.leaderEpoch < 0 && record.leaderEpoch >= 0) {
      committed.put(offset, record);
    }
    Long other = offsetOf.putIfAbsent(record.value, offset);
    check(
        other == null || other == offset,
        "exactly-once",
        "%s stands at %d and at %d, %s",
        record,
        other,
        offset,
        how);
  }

  /** A broker leads in that epoch. */
  void leads(int epoch, String process) {
    String other = leaders.putIfAbsent(epoch, process);
    check(
        other == null || other.equals(process),
        "one-leader-per-epoch",
        "%s and %s both lead in epoch %d",
        other,
        process,
        epoch);
  }

  /** The leader of that epoch showed that high watermark. */
  void sawHighWatermark(int epoch, long offset) {
    long before = highWatermarks.getOrDefault(epoch, -1L);
    check(
        offset >= before,
        "high-watermark-monotonic",
        "the high watermark of epoch %d fell from %d to %d",
        epoch,
        before,
        offset);
    highWatermarks.put(epoch, offset);
  }

  /** Behind the last offset that is known to be committed. */
  long knownEnd() {
    return committed.isEmpty() ? 0 : committed.lastKey() + 1;
  }

  void check(boolean holds, String checker, String message, Object... args) {
    if (!holds) {
      throw new Violation(checker, name + ": " + String.format(message, args));
    }
  }
}
