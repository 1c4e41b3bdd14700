package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
  private final Executor threads;

  // Owner: the control loop.
  private final Map<String, Long> madeAnewAtMs = new HashMap<>();
  private final Set<String> underWay = new HashSet<>();

  /** The peers of the log's leader. */
  interface Peers {
    /** Ids of the peers that have not answered for longer than {@code ms}. */
    List<String> silentFor(long ms) throws IOException;

    /**
     * Closes the connection to a peer; the next request makes another. Waits for a connection that
     * is being made, which takes half a minute where nothing comes back.
     */
    void connectAnew(String peerId);
  }

  /**
   * @param threads runs what may wait for so long, on threads that nothing else needs
   */
  SilentPeers(EventLoop control, Executor threads) {
    this.control = control;
    this.threads = threads;
  }

  /** Looks at all peers, while this broker leads the log. */
  void look(Peers peers) {
    try {
      long nowMs = control.clock().monotonicMs();
      List<String> silent = peers.silentFor(SILENT_MS);
      madeAnewAtMs.keySet().retainAll(silent);
      for (String peerId : silent) {
        boolean due = nowMs - madeAnewAtMs.getOrDefault(peerId, nowMs - SILENT_MS) >= SILENT_MS;
        if (due && underWay.add(peerId)) {
          madeAnewAtMs.put(peerId, nowMs);
          connectAnew(peers, peerId);
        }
      }
    } catch (IOException e) {
      LOG.debug("it is not known which peers are silent: {}", e.getMessage());
    }
  }

  /** Not behind a change of the group, which may be what waits for this peer. */
  private void connectAnew(Peers peers, String peerId) {
    CompletableFuture.runAsync(() -> peers.connectAnew(peerId), threads)
        .whenComplete(
            (done, fault) -> {
              if (fault != null) {
                LOG.debug("{} is not connected anew", peerId, fault);
              }
              control.execute(() -> underWay.remove(peerId));
            });
  }
}
