package io.millrace.cluster.founding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * Brokers that start at random moments and look for each other over a network with random delays.
 * Confined to: the test that runs it.
 */
final class FoundingWorld {
  static final String HOST = "localhost";
  private static final long TICK_MS = 50;
  private static final long ANSWER_MS_MAX = 1_000;

  private record Event(long atMs, long number, Runnable step) {}

  /** One process. */
  final class Node {
    final Seeker seeker;
    final List<String> lines = new ArrayList<>();
    Founding founding;
    String cluster = "";
    String stopped = "";
    boolean founds;
    boolean up;

    Node(Seeker seeker) {
      this.seeker = seeker;
    }

    private void bind() {
      up = true;
      nodes.put(seeker.self(), this);
      founding = new Founding(seeker, nowMs);
      if (random.nextBoolean()) {
        tick();
      } else {
        in(random.nextInt(5), this::look);
      }
    }

    /** At the ports of the one machine, before it probes. */
    private void look() {
      Map<Place, Outcome> seen = new HashMap<>();
      for (Place place : seeker.places()) {
        if (place.equals(seeker.self())) {
          seen.put(place, new Outcome.Answer(founding.card()));
        } else if (place.host().equals(HOST) && !nodes.containsKey(place)) {
          seen.put(place, new Outcome.Nobody());
        }
      }
      in(delay(), () -> seen(seen));
    }

    private void seen(Map<Place, Outcome> outcomes) {
      if (up) {
        follow(founding.seen(outcomes, nowMs));
        tick();
      }
    }

    private void tick() {
      if (up) {
        follow(founding.tick(nowMs));
        if (cluster.isEmpty() && stopped.isEmpty()) {
          in(TICK_MS, this::tick);
        }
      }
    }

    private void follow(List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Probe probe) {
          probe(probe.place());
        } else if (effect instanceof Effect.Found) {
          founds = true;
          String id = "cluster-of-" + seeker.brokerId();
          clusters.add(id);
          in(random.nextInt(300), () -> member(id));
        } else if (effect instanceof Effect.Join join) {
          in(random.nextInt(300), () -> member(join.member().clusterId()));
        } else if (effect instanceof Effect.Say say) {
          lines.add(say.line());
        } else if (effect instanceof Effect.Stop stop) {
          stopped = stop.sentence();
          kill();
        }
      }
    }

    private void member(String id) {
      if (up) {
        cluster = id;
        founding.founded(id);
      }
    }

    private void probe(Place place) {
      Card card = founding.card();
      in(delay(), () -> arrive(place, card));
    }

    private void arrive(Place place, Card card) {
      if (silent.contains(place.host())) {
        in(ANSWER_MS_MAX, () -> end(place, new Outcome.Silent("no answer")));
        return;
      }
      Node other = nodes.get(new Place(HOST, place.port()));
      if (other == null || !other.up) {
        in(delay(), () -> end(place, new Outcome.Nobody()));
        return;
      }
      if (random.nextInt(20) == 0) {
        // It is busy: the card arrives late, and its answer too late.
        in(random.nextInt(3_000), () -> other.hear(card));
        in(ANSWER_MS_MAX, () -> end(place, new Outcome.Mute()));
        return;
      }
      other.hear(card);
      Card answer = other.founding.card();
      in(delay(), () -> end(place, new Outcome.Answer(answer)));
    }

    private void hear(Card card) {
      if (up) {
        follow(founding.heard(card, nowMs));
      }
    }

    private void end(Place place, Outcome outcome) {
      if (up) {
        follow(founding.ended(place, outcome, nowMs));
      }
    }

    void kill() {
      up = false;
      nodes.remove(seeker.self(), this);
    }
  }

  final Random random;
  final Set<String> clusters = new TreeSet<>();
  private final Map<Place, Node> nodes = new HashMap<>();
  private final Set<String> silent = new TreeSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.atMs == b.atMs ? Long.compare(a.number, b.number) : Long.compare(a.atMs, b.atMs));
  private long nowMs;
  private long numbers;

  FoundingWorld(long seed) {
    random = new Random(seed);
  }

  /** A host that answers nothing at all. */
  void silence(String host) {
    silent.add(host);
  }

  private long delay() {
    return random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(5);
  }

  void in(long delayMs, Runnable step) {
    events.add(new Event(nowMs + delayMs, numbers++, step));
  }

  /** Starts a broker after a while. */
  Node start(Seeker seeker, long delayMs) {
    Node node = new Node(seeker);
    in(delayMs, node::bind);
    return node;
  }

  void run(long forMs) {
    long endMs = nowMs + forMs;
    while (!events.isEmpty() && events.peek().atMs <= endMs) {
      Event next = events.poll();
      nowMs = next.atMs;
      next.step.run();
    }
    nowMs = endMs;
  }

  Uuid id() {
    return new Uuid(random.nextLong(), random.nextLong());
  }

  /** A broker on one of the slots of the one machine. */
  Seeker seeker(int brokerId, int port, List<Place> places) {
    return new Seeker(brokerId, id(), "test", null, new Place(HOST, port), 0, places, 1, false);
  }
}
