package io.millrace.coordinator.group;

import io.millrace.time.Timer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The states of a classic group and what each knows. {@link #mayBecome} lists the legal
 * transitions; {@code Group.become} holds to them.
 */
sealed interface GroupState {

  /** Name of the state in DescribeGroups and ListGroups. */
  String kafkaName();

  /** Whether the state machine has a transition from this state to {@code next}. */
  boolean mayBecome(GroupState next);

  /** No members; there may be offsets. */
  record Empty() implements GroupState {
    @Override
    public String kafkaName() {
      return "Empty";
    }

    @Override
    public boolean mayBecome(GroupState next) {
      // Stable: a stored generation is replayed on loading.
      return next instanceof Preparing
          || next instanceof Dead
          || next instanceof Empty
          || next instanceof Stable;
    }
  }

  /** Waits until all members have joined the next generation, or the time for it is over. */
  final class Preparing implements GroupState {
    /** Whether the group was empty, so that it waits for arrivals and not for its members. */
    final boolean initial;

    /** Monotonic time in ms after which it waits no longer. */
    final long limitMs;

    /** Monotonic time in ms at which an initial wait ends when nobody arrives until then. */
    long quietMs;

    Timer.@Nullable Handle timer;

    Preparing(boolean initial, long limitMs) {
      this.initial = initial;
      this.limitMs = limitMs;
    }

    @Override
    public String kafkaName() {
      return "PreparingRebalance";
    }

    @Override
    public boolean mayBecome(GroupState next) {
      return next instanceof Completing || next instanceof Empty || next instanceof Dead;
    }
  }

  /** The generation has begun and waits for the leader's assignment. */
  record Completing(Syncs syncs) implements GroupState {
    @Override
    public String kafkaName() {
      return "CompletingRebalance";
    }

    @Override
    public boolean mayBecome(GroupState next) {
      return next instanceof Stable || next instanceof Preparing || next instanceof Dead;
    }
  }

  /** Every member has, or can fetch, its assignment. */
  record Stable(Syncs syncs) implements GroupState {
    @Override
    public String kafkaName() {
      return "Stable";
    }

    @Override
    public boolean mayBecome(GroupState next) {
      // Stable: a static member came back under another id. Empty: only on loading.
      return next instanceof Preparing
          || next instanceof Stable
          || next instanceof Empty
          || next instanceof Dead;
    }
  }

  /** Deleted. */
  record Dead() implements GroupState {
    @Override
    public String kafkaName() {
      return "Dead";
    }

    @Override
    public boolean mayBecome(GroupState next) {
      return false;
    }
  }

  /** The members of a generation that have not yet asked for their assignment. */
  final class Syncs {
    private final Set<String> missing = new LinkedHashSet<>();
    Timer.@Nullable Handle timer;

    void expect(String memberId) {
      missing.add(memberId);
    }

    /** The member asked, or is gone. */
    void settled(String memberId) {
      missing.remove(memberId);
      if (missing.isEmpty()) {
        stop();
      }
    }

    Set<String> missing() {
      return missing;
    }

    void stop() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }
}
