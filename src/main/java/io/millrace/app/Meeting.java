package io.millrace.app;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Effect;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.founding.Founding;
import io.millrace.cluster.founding.Outcome;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.founding.Seeker;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets other brokers: answers their probes, and looks for them while this broker belongs to no
 * cluster. Confined to: the control loop, save {@link #serve}.
 */
final class Meeting implements PeerService {
  private static final Logger LOG = LoggerFactory.getLogger(Meeting.class);
  private static final int ANSWER_MS_MAX = 1_000;
  private static final long TICK_MS = 50;

  /** Pause between two askings back, in ms. Longer than an answer takes: there is one at a time. */
  static final long ASK_BACK_EVERY_MS = 30_000;

  /** What came of the search. */
  sealed interface Result {
    /** This broker founds a cluster. */
    record Founds() implements Result {}

    /** It joins that of another. */
    record Joins(PeerAddress member, Card card) implements Result {}
  }

  private final EventLoop control;
  private final PeerLink link;
  private final Founding founding;
  private final Promise<Result> result = Promise.promise();
  private final Promise<Card> yields = Promise.promise();
  private final Promise<Card> givenUp = Promise.promise();
  private final IntSupplier recoveries;
  private BooleanSupplier blank = () -> false;
  private BooleanSupplier goesOn = () -> false;
  private @Nullable Card doubted;
  private long askBackAtMs;
  private Timer.@Nullable Handle tick;

  /**
   * @param recoveries how often the metadata of this broker's cluster was recovered
   */
  Meeting(EventLoop control, PeerLink link, Seeker self, IntSupplier recoveries) {
    this.control = control;
    this.link = link;
    this.recoveries = recoveries;
    this.askBackAtMs = control.clock().monotonicMs();
    this.founding = new Founding(self, askBackAtMs);
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
          follow(founding.heard(other, nowMs()));
          Card own = card();
          if (isDoubted(own, other)) {
            doubt(other);
          }
          return Future.succeededFuture(CardCodec.encode(own));
        });
  }

  /** What this broker says of itself now. */
  Card card() {
    return founding.card().withBlank(blank.getAsBoolean()).withRecoveries(recoveries.getAsInt());
  }

  /** Whether something follows from a card, if it is true. */
  private boolean isDoubted(Card own, Card other) {
    return Encounter.yields(own, other) || isGivenUp(own, other);
  }

  private boolean isGivenUp(Card own, Card other) {
    return Encounter.isGivenUp(own, other) && goesOn.getAsBoolean();
  }

  /**
   * A cluster is not given up on the word of whoever reaches the port: the broker that a card names
   * is asked at its own. Of those that are heard of before the pause is over, the last is asked.
   */
  private void doubt(Card other) {
    boolean first = doubted == null;
    doubted = other;
    if (first) {
      control.schedule(Math.max(0, askBackAtMs - nowMs()), this::askBack);
    }
  }

  private void askBack() {
    Card said = doubted;
    doubted = null;
    if (said == null || yields.future().isComplete() || givenUp.future().isComplete()) {
      return;
    }
    askBackAtMs = nowMs() + ASK_BACK_EVERY_MS;
    ask(address(said.place()))
        .onSuccess(
            found -> {
              if (found.incarnation().equals(said.incarnation())) {
                believe(found);
              }
            })
        .onFailure(fault -> LOG.debug("{} did not answer: {}", said.place(), fault.getMessage()));
  }

  private void believe(Card found) {
    Card own = card();
    if (Encounter.yields(own, found)) {
      yields.tryComplete(found);
    } else if (isGivenUp(own, found)) {
      givenUp.tryComplete(found);
    }
  }

  /**
   * Tells a broker what this one says of itself.
   *
   * @return the other's card
   */
  Future<Card> tell(PeerAddress to) {
    control.assertOwner();
    return ask(to);
  }

  /**
   * Notices that the log which this broker follows was given up.
   *
   * @param follows whether somebody leads it, so that it goes on all the same; on the control loop
   * @return completes with who goes on after a recovery and answers at its own port
   */
  Future<Card> givenUpWhile(BooleanSupplier follows) {
    control.assertOwner();
    goesOn = follows;
    return givenUp.future();
  }

  /**
   * Lets this broker's cluster be given up to another one that holds something.
   *
   * @param holdsNothing whether it is empty, and this broker alone in it; on the control loop
   * @return completes with who is met and answers at its own port, while it is empty
   */
  Future<Card> yieldsWhile(BooleanSupplier holdsNothing) {
    control.assertOwner();
    blank = holdsNothing;
    return yields.future();
  }

  /**
   * Looks for others.
   *
   * @param near what this machine says of places that are its own ports: they are not probed first
   * @return fails with {@link StartException} when the start must be given up
   */
  Future<Result> search(Vicinity near) {
    control.assertOwner();
    Map<Place, Outcome> seen = new HashMap<>();
    near.vacant().forEach(place -> seen.put(place, new Outcome.Nobody()));
    near.own().forEach(place -> seen.put(place, new Outcome.Answer(card())));
    follow(founding.seen(seen, nowMs()));
    onTick();
    return result.future();
  }

  /** This broker belongs to a cluster. */
  void member(String clusterId) {
    control.assertOwner();
    founding.founded(clusterId);
  }

  private long nowMs() {
    return control.clock().monotonicMs();
  }

  private void onTick() {
    if (!result.future().isComplete()) {
      follow(founding.tick(nowMs()));
      tick = control.schedule(TICK_MS, this::onTick);
    }
  }

  private void follow(List<Effect> effects) {
    effects.forEach(this::follow);
  }

  private void follow(Effect effect) {
    if (effect instanceof Effect.Probe probe) {
      probe(probe.place());
    } else if (effect instanceof Effect.Say say) {
      LOG.info("{}", say.line());
    } else if (effect instanceof Effect.Stop stop) {
      end(null, stop.sentence());
    } else if (effect instanceof Effect.Join join) {
      end(new Result.Joins(address(join.place()), join.member()), "");
    } else {
      end(new Result.Founds(), "");
    }
  }

  private void end(@Nullable Result found, String sentence) {
    if (tick != null) {
      tick.cancel();
    }
    if (found != null) {
      result.tryComplete(found);
    } else {
      result.tryFail(new StartException(sentence));
    }
  }

  private void probe(Place place) {
    ask(address(place))
        .onComplete(
            asked -> {
              Outcome outcome =
                  asked.succeeded() ? new Outcome.Answer(asked.result()) : outcome(asked.cause());
              follow(founding.ended(place, outcome, nowMs()));
            });
  }

  private Future<Card> ask(PeerAddress to) {
    byte[] own = CardCodec.encode(card());
    return link.ask(control, to, Lane.CONTROL, PROBE, own, ANSWER_MS_MAX).map(CardCodec::decode);
  }

  /** What answers with something else than a card is no broker. */
  private static Outcome outcome(Throwable cause) {
    if (!(cause instanceof PeerFault fault)) {
      return new Outcome.Nobody();
    }
    return switch (fault.kind()) {
      case REFUSED, REJECTED, LOST -> new Outcome.Nobody();
      case SILENT ->
          fault.isConnected() ? new Outcome.Mute() : new Outcome.Silent(fault.getMessage());
    };
  }

  /** Which process is behind a peer port; empty when none answers. */
  Future<Optional<Uuid>> incarnationAt(PeerAddress address) {
    return ask(address).map(card -> Optional.of(card.incarnation())).otherwise(Optional.empty());
  }

  private static PeerAddress address(Place place) {
    return new PeerAddress(place.host(), place.port());
  }
}
