package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the leader's connections to peers anew from which nothing comes back.
 *
 * <p>Ratis 3.3.0 keeps a request that was given up in its connection, under the request's number,
 * and sends every snapshot under the number 0. While one that was given up is kept, the next one is
 * refused before it is sent, over and over, and the peer gets nothing for ever. A new connection
 * keeps nothing.
 *
 * <p>Confined to: the control loop.
 */
final class SilentPeers {
  private static final Logger LOG = LoggerFactory.getLogger(SilentPeers.class);

  /** Longer than Ratis waits for an answer: nothing that may still be answered is cut off. */
  static final long SILENT_MS = 4_000;

  private final EventLoop control;

  // Owner: the control loop.
  private final Map<String, Long> madeAnewAtMs = new HashMap<>();

  SilentPeers(EventLoop control) {
    this.control = control;
  }

  /** Looks at all peers, while this broker leads the log. */
  void look(RaftMember member) {
    try {
      long nowMs = control.clock().monotonicMs();
      List<String> silent = member.silentFor(SILENT_MS);
      madeAnewAtMs.keySet().retainAll(silent);
      for (String peerId : silent) {
        if (nowMs - madeAnewAtMs.getOrDefault(peerId, nowMs - SILENT_MS) >= SILENT_MS) {
          madeAnewAtMs.put(peerId, nowMs);
          connectAnew(member, peerId);
        }
      }
    } catch (IOException e) {
      LOG.debug("it is not known which peers are silent: {}", e.getMessage());
    }
  }

  /** Not behind a change of the group, which may be what waits for this peer. */
  private void connectAnew(RaftMember member, String peerId) {
    control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              member.connectAnew(peerId);
              return true;
            })
        .onFailure(why -> LOG.debug("{} is not connected anew", peerId, why));
  }
}
