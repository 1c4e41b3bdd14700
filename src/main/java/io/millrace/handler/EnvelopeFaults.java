package io.millrace.handler;

import io.millrace.event.Repetitions;
import io.millrace.time.Clock;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which messages of brokers could not be answered: of each kind from each address once a
 * minute, with the number of those in between.
 *
 * <p>Thread-safe.
 */
final class EnvelopeFaults {
  private static final Logger LOG = LoggerFactory.getLogger(EnvelopeFaults.class);
  private static final int PLACES_MAX = 1024;

  private record Place(InetAddress from, int kind, boolean ours) {}

  private final Map<Place, Repetitions> places = new ConcurrentHashMap<>();

  /** The message is none of that kind, or is of a form that this version does not know. */
  void malformed(Clock clock, InetAddress from, int kind, Throwable why) {
    long more = toSay(clock, new Place(from, kind, false));
    if (more >= 0) {
      LOG.warn(
          "a broker's message of kind {} from {} was refused: {}{}",
          kind,
          from.getHostAddress(),
          why.getMessage(),
          Repetitions.told(more));
    }
  }

  /** The message could be read, and to answer it failed. */
  void failed(Clock clock, InetAddress from, int kind, Throwable why) {
    long more = toSay(clock, new Place(from, kind, true));
    if (more >= 0) {
      LOG.warn(
          "a broker's message of kind {} from {} could not be answered{}",
          kind,
          from.getHostAddress(),
          Repetitions.told(more),
          why);
    }
  }

  /** How many were kept quiet since the last line; -1 when this one is kept quiet too. */
  private long toSay(Clock clock, Place place) {
    long nowMs = clock.monotonicMs();
    if (places.size() >= PLACES_MAX && !places.containsKey(place)) {
      places.values().removeIf(said -> said.isOver(nowMs));
      if (places.size() >= PLACES_MAX) {
        return -1;
      }
    }
    return places.computeIfAbsent(place, one -> new Repetitions()).next(nowMs);
  }
}
