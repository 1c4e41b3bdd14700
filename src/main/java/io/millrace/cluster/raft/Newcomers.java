package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brokers that were let into the group and are not in it yet, the one to take in next first. One
 * that does not come is forgotten after a minute, and until then goes behind the others each time
 * it was waited for in vain. There are few at a time: anybody may ask to join, and whoever was
 * dropped asks again.
 *
 * <p>Confined to: the control loop.
 */
final class Newcomers {
  /** How many are waited for. */
  static final int COUNT_MAX = 32;

  /** How long each is waited for, in ms. */
  static final long WAIT_MS = 60_000;

  private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

  private record Waiting(Peer peer, long untilMs) {}

  /** One more may come; another peer of the same broker takes the place of the one before. */
  void admit(Peer peer, long nowMs) {
    if (waiting.size() >= COUNT_MAX && !waiting.containsKey(peer.brokerId())) {
      Iterator<Waiting> oldest = waiting.values().iterator();
      oldest.next();
      oldest.remove();
    }
    waiting.put(peer.brokerId(), new Waiting(peer, nowMs + WAIT_MS));
  }

  /** It is in the group. */
  void arrived(Peer peer) {
    waiting.computeIfPresent(
        peer.brokerId(), (id, known) -> known.peer().equals(peer) ? null : known);
  }

  /** It could not be taken in: the others come first. */
  void late(Peer peer) {
    Waiting known = waiting.get(peer.brokerId());
    if (known != null && known.peer().equals(peer)) {
      waiting.remove(peer.brokerId());
      waiting.put(peer.brokerId(), known);
    }
  }

  /** Those that are waited for, the one to take in next first. */
  List<Peer> waiting(long nowMs) {
    waiting.values().removeIf(one -> one.untilMs() < nowMs);
    return waiting.values().stream().map(Waiting::peer).toList();
  }

  /** Forgets all, as who leads no more does. */
  void clear() {
    waiting.clear();
  }
}
