package io.millrace.network;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.event.Repetitions;
import io.millrace.time.Clock;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what peers do wrong: the first fault of a kind of a peer at once, its repetitions as a
 * number, once in a minute. Thread-safe.
 */
final class FaultLog {
  /** Kinds of faults; each is counted on its own. */
  enum Kind {
    MALFORMED_REQUEST,
    RETIRED_VERSION,
    HANDLER_FAILED,
    TOO_MANY_CONNECTIONS,
    STALLED
  }

  /** Faults of our own are told apart by their sentence, those of peers by their kind. */
  private record Peer(InetAddress address, Kind kind, String sentence) {}

  private static final Logger LOG = LoggerFactory.getLogger("io.millrace.network.Connection");
  private static final int PEERS_MAX = 4096;

  private final Clock clock;
  private final EventLog events;
  private final Map<Peer, Repetitions> peers = new ConcurrentHashMap<>();

  FaultLog(Clock clock, EventLog events) {
    this.clock = clock;
    this.events = events;
  }

  /**
   * @param sentence what the peer did, without contents of its request
   * @param fault logged with its stack, for faults of our own; else null
   */
  void log(InetAddress address, Kind kind, String sentence, @Nullable Throwable fault) {
    long nowMs = clock.monotonicMs();
    Peer peer = new Peer(address, kind, fault == null ? "" : sentence);
    if (!peers.containsKey(peer)) {
      makeRoom(nowMs);
    }
    long more = peers.computeIfAbsent(peer, one -> new Repetitions()).next(nowMs);
    if (more >= 0) {
      write(address, kind, sentence, more, fault);
    }
  }

  private void write(
      InetAddress address, Kind kind, String sentence, long more, @Nullable Throwable fault) {
    Event.Level level = fault == null ? Event.Level.WARN : Event.Level.BAD;
    events.addOnce(
        List.of(kind, address),
        Event.of("request.refused", level, sentence + " from " + address.getHostAddress())
            .address(address.getHostAddress()));
    String repeated = Repetitions.told(more);
    if (fault == null) {
      LOG.warn("{} from {}{}", sentence, address.getHostAddress(), repeated);
    } else {
      LOG.error("{} from {}{}", sentence, address.getHostAddress(), repeated, fault);
    }
  }

  private void makeRoom(long nowMs) {
    if (peers.size() < PEERS_MAX) {
      return;
    }
    peers.values().removeIf(known -> known.isOver(nowMs));
    Iterator<Peer> any = peers.keySet().iterator();
    while (peers.size() >= PEERS_MAX && any.hasNext()) {
      any.next();
      any.remove();
    }
  }
}
