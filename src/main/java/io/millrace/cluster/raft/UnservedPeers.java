package io.millrace.cluster.raft;

import io.millrace.time.Clock;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this broker lead anew when it sends nothing to a peer of its group.
 *
 * <p>Ratis 3.3.0 starts what sends to a peer again after a fault, but holds the peer for one that
 * is still being taken in from then on. The next change of the group that fails stops all that are
 * being taken in, this one with them, and nothing starts it again: the peer follows no more, also
 * when its broker is restarted. A leader sends to everybody when it begins, so it begins anew.
 *
 * <p>Confined to: the control loop.
 */
final class UnservedPeers {
  private static final Logger LOG = LoggerFactory.getLogger(UnservedPeers.class);

  /** Far longer than what sends to a peer takes to start again after a fault. */
  static final long UNSERVED_MS = 2_000;

  /** Where the peers that nothing is sent to can be seen. */
  interface Sight {
    /** Ids of the peers of the group that this leader sends nothing to. */
    List<String> unserved() throws IOException;
  }

  private final Clock clock;
  private final Runnable leadAnew;

  // Owner: the control loop.
  private final Map<String, Long> sinceMs = new HashMap<>();

  UnservedPeers(Clock clock, Runnable leadAnew) {
    this.clock = clock;
    this.leadAnew = leadAnew;
  }

  /** Looks at all peers, while this broker leads the log. */
  void look(Sight sight) {
    try {
      long nowMs = clock.monotonicMs();
      List<String> unserved = sight.unserved();
      sinceMs.keySet().retainAll(unserved);
      unserved.forEach(peerId -> sinceMs.putIfAbsent(peerId, nowMs));
      if (sinceMs.values().stream().anyMatch(since -> nowMs - since >= UNSERVED_MS)) {
        LOG.warn("the metadata log is not sent to {} any more: its leader begins anew", unserved);
        sinceMs.clear();
        leadAnew.run();
      }
    } catch (IOException e) {
      LOG.debug("it is not known which peers are sent the log: {}", e.getMessage());
    }
  }
}
