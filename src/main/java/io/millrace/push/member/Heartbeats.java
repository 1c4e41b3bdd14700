package io.millrace.push.member;

import io.millrace.push.member.MemberEffect.Heartbeat;
import org.jspecify.annotations.Nullable;

/**
 * When a member is to be heard of, and until when the coordinator is sure to count it in: for the
 * session timeout after the last accepted call was sent. Confined to: its member.
 */
final class Heartbeats {
  private static final int RETRY_MS = 500;

  private final MemberOptions.Times times;
  private final Membership membership;
  private final Outbox out;
  private @Nullable PendingCall pending;
  private long nextMs;
  private long leaseEndsMs = Long.MIN_VALUE;

  Heartbeats(MemberOptions.Times times, Membership membership, Outbox out) {
    this.times = times;
    this.membership = membership;
    this.out = out;
  }

  /** A call that was sent then was accepted. */
  void accepted(long sentAtMs) {
    leaseEndsMs = Math.max(leaseEndsMs, sentAtMs + times.sessionMs());
  }

  boolean isLeaseOver(long nowMs) {
    return nowMs >= leaseEndsMs;
  }

  long leaseEndsMs() {
    return leaseEndsMs;
  }

  /** A generation begins: what was asked in the one before is not waited for. */
  void restart(long nowMs) {
    pending = null;
    nextMs = nowMs + times.heartbeatMs();
  }

  /** Something has changed: the next one is due now. */
  void hurry(long nowMs) {
    nextMs = Math.min(nextMs, nowMs);
  }

  void send(long nowMs) {
    if (pending != null && nowMs >= pending.deadlineMs()) {
      pending = null;
    }
    if (pending == null && nowMs >= nextMs) {
      pending = new PendingCall(out.nextCall(), nowMs, nowMs + times.heartbeatMs());
      nextMs = nowMs + times.heartbeatMs();
      out.add(new Heartbeat(pending.number(), membership.heartbeat()));
    }
  }

  /** When the call was sent that this answers; -1 when it is not waited for. */
  long answered(int call) {
    if (pending == null || pending.number() != call) {
      return -1;
    }
    long sentAtMs = pending.sentAtMs();
    pending = null;
    return sentAtMs;
  }

  /** It was not accepted: ask again soon. */
  void retry(long nowMs) {
    nextMs = Math.min(nextMs, nowMs + RETRY_MS);
  }

  /** Monotonic time in ms of the next one, or of the end of waiting for an answer. */
  long nextTickMs() {
    return pending == null ? nextMs : Math.max(nextMs, pending.deadlineMs());
  }
}
