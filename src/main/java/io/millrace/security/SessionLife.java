package io.millrace.security;

/**
 * The life of a session's credentials: warned of their end a minute before, over with it, unless
 * they are renewed by a new ticket.
 *
 * <p>Confined to: its session.
 */
public final class SessionLife {
  /** How long before the end a session is warned, in ms. */
  public static final int WARNED_BEFORE_MS = 60_000;

  private Grant grant;
  private boolean warned;

  /** What is to be done now. */
  public enum Due {
    /** Nothing. */
    NOTHING,
    /** Tell the session that its credentials end. */
    WARN,
    /** End the session. */
    END
  }

  /** A session that begins with this. */
  public SessionLife(Grant grant) {
    this.grant = grant;
  }

  /** As whom the session acts. */
  public Grant grant() {
    return grant;
  }

  /**
   * Goes on with new credentials.
   *
   * @return false when they are another principal's: a session never becomes somebody else
   */
  public boolean renew(Grant next) {
    if (!next.principal().equals(grant.principal())) {
      return false;
    }
    grant = next;
    warned = false;
    return true;
  }

  /** Looks at the time; a warning is due once. */
  public Due look(long nowMs) {
    if (nowMs >= grant.endsAtMs()) {
      return Due.END;
    }
    if (warned || remainingMs(nowMs) > WARNED_BEFORE_MS) {
      return Due.NOTHING;
    }
    warned = true;
    return Due.WARN;
  }

  /** Whether the credentials end at some time. */
  public boolean doEnd() {
    return grant.endsAtMs() != Grant.NEVER;
  }

  /** Time in ms until the next look is worth it; {@link Long#MAX_VALUE} when never. */
  public long nextLookInMs(long nowMs) {
    if (grant.endsAtMs() == Grant.NEVER) {
      return Long.MAX_VALUE;
    }
    long remainingMs = remainingMs(nowMs);
    return Math.max(0, warned ? remainingMs : remainingMs - WARNED_BEFORE_MS);
  }

  /** Time in ms until the credentials end, at least 0. */
  public long remainingMs(long nowMs) {
    return grant.endsAtMs() == Grant.NEVER ? Long.MAX_VALUE : Math.max(0, grant.endsAtMs() - nowMs);
  }
}
