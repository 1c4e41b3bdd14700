package io.millrace.app;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.founding.Encounter.Verdict;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a broker goes on with its cluster, whether it meets one before which its own is
 * given up: of one that it founded alone, another one of the same name; of any, its own after a
 * recovery. One round, for at most a second, and as long for those that probed this broker
 * meanwhile; who is silent is not waited for. Confined to: the control loop, save {@link #serve}.
 */
final class Scout implements PeerService {
  private static final Logger LOG = LoggerFactory.getLogger(Scout.class);
  private static final int ANSWER_MS_MAX = 1_000;

  /** Brokers that probe this one and are asked back, at most. */
  static final int ASKED_BACK_MAX = 16;

  private final EventLoop control;
  private final PeerLink link;
  private final Card self;
  private final BiFunction<Card, Card, Verdict> judge;
  private final int repeatsMax;
  private final Map<Place, Future<Void>> asked = new LinkedHashMap<>();
  private int backs;
  private Verdict verdict = Verdict.GO_ON;
  private @Nullable Card reason;

  /**
   * @param self what this broker says of itself
   * @param judge what follows for it from another one's card
   * @param repeatsMax how often a place is asked again that takes connections and does not answer
   */
  Scout(
      EventLoop control,
      PeerLink link,
      Card self,
      BiFunction<Card, Card, Verdict> judge,
      int repeatsMax) {
    this.control = control;
    this.link = link;
    this.self = self;
    this.judge = judge;
    this.repeatsMax = repeatsMax;
  }

  @Override
  public int kind() {
    return PROBE;
  }

  @Override
  public Future<byte[]> serve(EventLoop loop, byte[] body) {
    Card other = CardCodec.decode(body);
    return loop.ask(
        control,
        () -> {
          heard(other);
          return Future.succeededFuture(CardCodec.encode(self));
        });
  }

  /**
   * Asks at all places.
   *
   * @param extras places that are asked as well, and not waited for
   * @return whether to go on, to yield or to follow; fails with {@link StartException} when nothing
   *     of that can be
   */
  Future<Verdict> look(Collection<Place> places, Collection<Place> extras) {
    control.assertOwner();
    places.forEach(this::ask);
    extras.stream().filter(place -> !asked.containsKey(place)).forEach(this::probe);
    return joined()
        .compose(round -> joined()) // with those that were heard of meanwhile
        .transform(
            over ->
                verdict == Verdict.STOP
                    ? Future.failedFuture(
                        new StartException(
                            Encounter.sentence(self, Objects.requireNonNull(reason))))
                    : Future.succeededFuture(verdict));
  }

  /** Whose card the verdict follows from; null when it is to go on. */
  @Nullable Card reason() {
    return reason;
  }

  private Future<Void> joined() {
    return Future.join(List.copyOf(asked.values())).transform(over -> Future.succeededFuture());
  }

  private void ask(Place place) {
    asked.put(place, probe(place));
  }

  private Future<Void> probe(Place place) {
    PeerAddress to = new PeerAddress(place.host(), place.port());
    return ask(to, 0).onSuccess(this::met).mapEmpty();
  }

  private Future<Card> ask(PeerAddress to, int repeats) {
    return link.ask(control, to, Lane.CONTROL, PROBE, CardCodec.encode(self), ANSWER_MS_MAX)
        .map(CardCodec::decode)
        .recover(
            fault ->
                isMute(fault) && repeats < repeatsMax
                    ? ask(to, repeats + 1)
                    : Future.failedFuture(fault));
  }

  /** Somebody takes connections there: a broker that is busy, if it is one. */
  private static boolean isMute(Throwable cause) {
    return cause instanceof PeerFault fault
        && fault.kind() == PeerFault.Kind.SILENT
        && fault.isConnected();
  }

  /** Anybody may send a card: a broker that matters is asked at its own port. */
  private void heard(Card other) {
    Future<Void> before = asked.get(other.place());
    boolean matters = judge.apply(self, other).compareTo(verdict) > 0;
    if (matters && backs < ASKED_BACK_MAX && (before == null || before.isComplete())) {
      backs++;
      ask(other.place());
    }
  }

  private void met(Card other) {
    Verdict next = judge.apply(self, other);
    boolean further =
        next == Verdict.FOLLOW
            && verdict == Verdict.FOLLOW
            && other.recoveries() > Objects.requireNonNull(reason).recoveries();
    if (next.compareTo(verdict) > 0 || further) {
      verdict = next;
      reason = other;
      LOG.debug("met broker {} of cluster {}: {}", other.brokerId(), other.clusterId(), next);
    }
  }
}
