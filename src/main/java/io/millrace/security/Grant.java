package io.millrace.security;

import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * As whom a session acts and until when. Immutable.
 *
 * @param principal the authenticated principal
 * @param endsAtMs monotonic time in ms at which its credentials end; {@link #NEVER} for none
 */
public record Grant(KafkaPrincipal principal, long endsAtMs) {
  /** The end of credentials that have none. */
  public static final long NEVER = Long.MAX_VALUE;

  /** What everyone has where no way to log in is configured. */
  public static final Grant ANONYMOUS = new Grant(KafkaPrincipal.ANONYMOUS, NEVER);
}
