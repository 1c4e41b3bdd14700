package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection of one lane, from the first request that wants it to its end. Both directions keep
 * the order of what is sent.
 *
 * <p>Confined to: the test's thread.
 */
final class SimConnection {
  private static final long RETRANSMISSION_NS = 100_000_000;
  private static final int LATE_MS_MAX = 5_000;

  private final SimNetwork network;
  private final SimPeerLink owner;
  private final PeerAddress to;
  private final Pipe requests;
  private final Pipe answers;
  private final Set<SimExchange> unanswered = new LinkedHashSet<>();
  private final List<Runnable> closeHooks = new ArrayList<>();
  private @Nullable SimPeerDoor door;
  private boolean broken;
  private boolean over;

  SimConnection(SimNetwork network, SimPeerLink owner, PeerAddress to) {
    this.network = network;
    this.owner = owner;
    this.to = to;
    this.requests = new Pipe(owner.host(), to.host());
    this.answers = new Pipe(to.host(), owner.host());
    network.opened(this);
    network.sim().after(network.delayNs(owner.host()), this::connect);
  }

  @Nullable SimPeerDoor door() {
    return door;
  }

  PeerAddress to() {
    return to;
  }

  boolean isOver() {
    return over;
  }

  private void connect() {
    if (over) {
      return;
    }
    if (!network.connects(owner.host(), to.host())) {
      // Nothing comes back: the first packet is sent again.
      network.sim().after(RETRANSMISSION_NS, this::connect);
      return;
    }
    door = network.door(to);
    if (door == null) {
      end(PeerFault.Kind.REFUSED, "the port of " + to + " refuses connections");
    } else {
      requests.flow();
    }
  }

  /** Sends a request once the connection stands. */
  void send(SimExchange exchange) {
    unanswered.add(exchange);
    if (!broken) {
      requests.put(() -> deliver(exchange));
    }
  }

  private void deliver(SimExchange exchange) {
    SimPeerDoor at = door;
    if (at == null) {
      return;
    }
    at.serve(
        exchange,
        this,
        answer ->
            answers.put(
                () -> {
                  if (network.losesAnswer(this)) {
                    reset();
                  } else if (unanswered.remove(exchange)) {
                    exchange.answered(answer);
                  }
                }));
  }

  /** Runs {@code step} at the door when the connection ends. */
  Runnable onClose(Runnable step) {
    if (broken) {
      step.run();
      return () -> {};
    }
    closeHooks.add(step);
    return () -> closeHooks.remove(step);
  }

  /** Nobody waits for this answer any more. */
  void forget(SimExchange exchange) {
    unanswered.remove(exchange);
  }

  /** It breaks: a reset comes to both ends as soon as it can reach them. */
  void reset() {
    if (broken) {
      return;
    }
    broken = true;
    tellDoor();
    deliverSomeLate();
    tellOwner();
  }

  /** What had reached the machine is read by the process later than what is sent again. */
  private void deliverSomeLate() {
    int arrived = network.random().nextInt(requests.waiting.size() + 1);
    long delayMs = network.random().nextInt(network.random().nextBoolean() ? 100 : LATE_MS_MAX);
    for (int i = 0; i < arrived; i++) {
      Runnable request = requests.waiting.poll();
      network.sim().at(delayMs, request);
    }
  }

  private void tellOwner() {
    if (over) {
      return;
    }
    if (!network.connects(owner.host(), to.host())) {
      network.sim().after(RETRANSMISSION_NS, this::tellOwner);
      return;
    }
    network
        .sim()
        .after(
            network.delayNs(to.host()),
            () -> {
              if (!over) {
                boolean stood = door != null;
                end(PeerFault.Kind.LOST, "the connection to " + to + " was lost");
                if (stood) {
                  owner.lost(to);
                }
              }
            });
  }

  private void end(PeerFault.Kind kind, String message) {
    over = true;
    broken = true;
    network.forget(this);
    List<SimExchange> lost = List.copyOf(unanswered);
    unanswered.clear();
    lost.forEach(exchange -> exchange.failed(kind, message));
  }

  /** The process that opened it has ended. */
  void ownerEnded() {
    over = true;
    network.forget(this);
    unanswered.clear();
    if (!broken) {
      broken = true;
      tellDoor();
      deliverSomeLate();
    }
  }

  private void tellDoor() {
    SimPeerDoor at = door;
    if (at != null) {
      List<Runnable> hooks = List.copyOf(closeHooks);
      closeHooks.clear();
      at.loop().execute(() -> hooks.forEach(Runnable::run));
    }
  }

  /** One direction: what is put in comes out in order, when the link lets it pass. */
  private final class Pipe {
    private final String from;
    private final String toHost;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean flowing;

    Pipe(String from, String toHost) {
      this.from = from;
      this.toHost = toHost;
    }

    void put(Runnable message) {
      if (network.wayNs() == 0) {
        enter(message);
      } else {
        network.sim().after(network.wayNs(), () -> enter(message));
      }
    }

    private void enter(Runnable message) {
      waiting.add(message);
      if (door != null) {
        flow();
      }
    }

    void flow() {
      if (!flowing && !waiting.isEmpty()) {
        flowing = true;
        network.sim().after(network.delayNs(from), this::arrive);
      }
    }

    private void arrive() {
      flowing = false;
      if (broken || waiting.isEmpty()) {
        return;
      }
      if (!network.passes(from, toHost)) {
        flowing = true;
        network.sim().after(RETRANSMISSION_NS, this::arrive);
        return;
      }
      // What was sent together arrives together.
      int together = 1 + network.random().nextInt(waiting.size());
      for (int i = 0; i < together && !waiting.isEmpty(); i++) {
        waiting.poll().run();
      }
      flow();
    }
  }
}
