package io.millrace.partition.remote;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How far a partition reaches as far as readers on this broker may know from its leader. Answers
 * overtake each other: within a leader epoch a smaller end is an older one.
 *
 * <p>Thread-safe.
 */
final class ToldEnd {
  private static final Told NOTHING = new Told(-1, -1);

  private final AtomicReference<Told> last = new AtomicReference<>(NOTHING);

  private record Told(int leaderEpoch, long end) {
    Told or(Told other) {
      boolean newer =
          other.leaderEpoch == leaderEpoch ? other.end > end : other.leaderEpoch > leaderEpoch;
      return newer ? other : this;
    }
  }

  /** The leader of that epoch told a reader, or a writer, that the partition reaches to there. */
  void told(int leaderEpoch, long end) {
    Told now = new Told(leaderEpoch, end);
    last.updateAndGet(before -> before.or(now));
  }

  /** The end that was told last; -1 before. */
  long offset() {
    return last.get().end;
  }
}
