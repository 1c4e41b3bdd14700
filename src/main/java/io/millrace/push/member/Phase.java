package io.millrace.push.member;

/** Where a member stands. Immutable. */
sealed interface Phase {

  /** Waits for the answer of JoinGroup. */
  record Joining(PendingCall call) implements Phase {}

  /** Waits for its assignment. */
  record Syncing(PendingCall call) implements Phase {}

  /** Has its assignment and nothing to give up. */
  record Stable() implements Phase {}

  /** Lets the page acknowledge what it must give up, then joins again. */
  record Yielding(long deadlineMs, String reason) implements Phase {}

  /** Waits before it asks again. */
  record BackingOff(long untilMs) implements Phase {}

  /** Is no member any more. */
  record Over() implements Phase {}
}
