package io.millrace.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether processes of other brokers are there: their port is asked. A port that refuses, or
 * behind which another process answers, means that the one that registered is gone for sure;
 * silence means nothing.
 *
 * <p>Confined to: the control loop, save {@link #refusing}.
 */
final class PeerWatch {
  private static final int PROBE_MS = 1000;

  private final EventLoop control;
  private final int self;
  private final ClusterPeers peers;
  private final Supplier<ClusterImage> image;
  private final BooleanSupplier holdsLease;
  private final Consumer<BrokerImage> onGone;

  // Any thread.
  private volatile Set<Integer> refusing = Set.of();

  // Owner: the control loop.
  private final Set<Integer> underWay = new HashSet<>();
  private final Set<Integer> answering = new HashSet<>();
  private final Set<Integer> hearing = new HashSet<>();

  /** What was seen of a broker's process. */
  enum Seen {
    /** It answers. */
    THERE,
    /** Its port refuses, or another process answers there. */
    GONE,
    /** It is not known. */
    SILENT
  }

  /**
   * What a look found.
   *
   * @param hearsController whether it says that the controller answered it a moment ago
   */
  private record Sighting(Seen seen, boolean hearsController) {
    static Sighting of(Seen seen) {
      return new Sighting(seen, false);
    }
  }

  /**
   * @param image the newest image that is applied
   * @param holdsLease whether the controller has granted this broker a lease that is not over
   * @param onGone told of registrations whose process is gone for sure
   */
  PeerWatch(
      EventLoop control,
      int self,
      ClusterPeers peers,
      Supplier<ClusterImage> image,
      BooleanSupplier holdsLease,
      Consumer<BrokerImage> onGone) {
    this.control = control;
    this.self = self;
    this.peers = peers;
    this.image = image;
    this.holdsLease = holdsLease;
    this.onGone = onGone;
    peers.link().onLost(control, this::lost);
    peers.liveness().onSuspect(id -> control.execute(() -> suspect(id)));
  }

  private void lost(PeerAddress address) {
    for (BrokerImage broker : image.get().brokers().values()) {
      if (address.equals(address(broker))) {
        suspect(broker.id());
      }
    }
  }

  /** Looks at a broker now, unless that is being done. */
  void suspect(int brokerId) {
    BrokerImage broker = image.get().broker(brokerId);
    if (broker != null && brokerId != self && underWay.add(brokerId)) {
      sight(broker)
          .onSuccess(
              found -> {
                underWay.remove(brokerId);
                note(brokerId, found);
                if (found.seen == Seen.GONE) {
                  onGone.accept(broker);
                }
              });
    }
  }

  /** Looks at all other brokers. */
  void suspectAll() {
    image.get().brokers().keySet().forEach(this::suspect);
  }

  /** What is seen of the process of that registration. */
  Future<Seen> look(BrokerImage broker) {
    return sight(broker).map(Sighting::seen);
  }

  private Future<Sighting> sight(BrokerImage broker) {
    PeerAddress address = address(broker);
    if (address == null) {
      return Future.succeededFuture(Sighting.of(Seen.SILENT));
    }
    return peers
        .link()
        .ask(
            control,
            address,
            PeerLink.Lane.CONTROL,
            PeerService.DECIDE,
            ForwardForm.hello(),
            PROBE_MS)
        .map(
            answer -> {
              ForwardForm.Self there = ForwardForm.self(answer);
              return there.incarnation().equals(broker.incarnation())
                  ? new Sighting(Seen.THERE, there.heard())
                  : Sighting.of(Seen.GONE);
            })
        .recover(
            fault ->
                Future.succeededFuture(
                    Sighting.of(
                        fault instanceof PeerFault peer && peer.kind() == PeerFault.Kind.REFUSED
                            ? Seen.GONE
                            : Seen.SILENT)));
  }

  /**
   * While another broker hears the controller and this one does not, the cluster goes on without
   * this one: its image is old, and what it leads is led elsewhere, or will be.
   */
  private boolean isLeftBehind() {
    return !hearing.isEmpty() && !holdsLease.getAsBoolean();
  }

  private void note(int broker, Sighting found) {
    Seen seen = found.seen;
    if (found.hearsController) {
      hearing.add(broker);
    } else {
      hearing.remove(broker);
    }
    if (seen == Seen.THERE) {
      answering.add(broker);
    } else {
      answering.remove(broker);
    }
    Set<Integer> next = new HashSet<>(refusing);
    boolean changed = seen == Seen.GONE ? next.add(broker) : next.remove(broker);
    changed |= isLeftBehind() ? next.add(self) : next.remove(self);
    if (changed) {
      refusing = Set.copyOf(next);
    }
  }

  /** A controller answers: it knows better who is there. */
  void decided() {
    answering.clear();
    hearing.clear();
    if (!refusing.isEmpty()) {
      refusing = Set.of();
    }
  }

  /**
   * Brokers that were gone when they were last looked at, while no controller answers; this one
   * among them when the cluster goes on without it.
   */
  Set<Integer> refusing() {
    return refusing;
  }

  /** Whether a broker answered when it was last looked at, while no controller answers. */
  boolean answers(int broker) {
    return broker == self || answering.contains(broker);
  }

  /** Where a broker's peer port is, or null when it registered none. */
  static @Nullable PeerAddress address(BrokerImage broker) {
    Endpoint endpoint = broker.endpoint(Endpoint.PEER);
    return endpoint == null ? null : new PeerAddress(endpoint.host(), endpoint.port());
  }
}
