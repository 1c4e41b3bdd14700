package io.millrace.network;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.time.Clock;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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

  /** Repetitions since the last line, and when that was. */
  private static final class Repeated {
    final AtomicLong count = new AtomicLong();
    final AtomicLong loggedMs;

    Repeated(long nowMs) {
      loggedMs = new AtomicLong(nowMs);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger("io.millrace.network.Connection");
  private static final long WINDOW_MS = 60_000;
  private static final int PEERS_MAX = 4096;

  private final Clock clock;
  private final EventLog events;
  private final Map<Peer, Repeated> peers = new ConcurrentHashMap<>();

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
    Repeated known = peers.get(peer);
    if (known == null) {
      makeRoom(nowMs);
      known = peers.putIfAbsent(peer, new Repeated(nowMs));
      if (known == null) {
        write(address, kind, sentence, 0, fault);
        return;
      }
    }
    long last = known.loggedMs.get();
    if (nowMs - last >= WINDOW_MS && known.loggedMs.compareAndSet(last, nowMs)) {
      write(address, kind, sentence, known.count.getAndSet(0), fault);
    } else {
      known.count.incrementAndGet();
    }
  }

  private void write(
      InetAddress address, Kind kind, String sentence, long more, @Nullable Throwable fault) {
    Event.Level level = fault == null ? Event.Level.WARN : Event.Level.BAD;
    events.addOnce(
        List.of(kind, address),
        Event.of("request.refused", level, sentence + " from " + address.getHostAddress())
            .address(address.getHostAddress()));
    String repeated = more == 0 ? "" : " (and " + more + " times more since the last such line)";
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
    peers.values().removeIf(known -> nowMs - known.loggedMs.get() > WINDOW_MS);
    Iterator<Peer> any = peers.keySet().iterator();
    while (peers.size() >= PEERS_MAX && any.hasNext()) {
      any.next();
      any.remove();
    }
  }
}
