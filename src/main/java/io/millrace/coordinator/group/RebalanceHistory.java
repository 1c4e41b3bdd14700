package io.millrace.coordinator.group;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last rebalances of a group and why they happened. Confined to: its group. */
final class RebalanceHistory {
  private static final int KEPT = 10;

  /** Clients cut it, too; what they send else would be kept and shown. */
  private static final int REASON_CHARS_MAX = 255;

  private final ArrayDeque<GroupView.Rebalance> past = new ArrayDeque<>(1);
  private final GroupMemory.Share memory;
  private @Nullable Began current;

  private record Began(String cause, long wallMs, long monotonicMs) {}

  RebalanceHistory(GroupMemory.Share memory) {
    this.memory = memory;
  }

  /** What a client said of why it joins or leaves (KIP-800), as the end of a cause. */
  static String told(@Nullable String reason) {
    if (reason == null || reason.isEmpty()) {
      return "";
    }
    return ": " + reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
  }

  /** A rebalance begins; while one is under way, a further cause is part of it. */
  void begin(String cause, long wallMs, long monotonicMs) {
    if (current == null) {
      current = new Began(cause, wallMs, monotonicMs);
    }
  }

  /** The rebalance under way has led to a generation. */
  void end(int generation, int members, long monotonicMs) {
    if (current == null) {
      return;
    }
    if (past.size() == KEPT) {
      forgetOldest();
    }
    long tookMs = Math.max(0, monotonicMs - current.monotonicMs);
    past.addLast(
        new GroupView.Rebalance(generation, members, current.wallMs, tookMs, current.cause));
    memory.add(Weights.rebalance(current.cause));
    current = null;
  }

  private void forgetOldest() {
    memory.add(-Weights.rebalance(past.removeFirst().cause()));
  }

  /** The group is deleted. */
  void forget() {
    while (!past.isEmpty()) {
      forgetOldest();
    }
  }

  /** Oldest first. */
  List<GroupView.Rebalance> past() {
    return List.copyOf(past);
  }

  /** Cause of the rebalance under way; null when there is none. */
  @Nullable String currentCause() {
    return current == null ? null : current.cause;
  }
}
