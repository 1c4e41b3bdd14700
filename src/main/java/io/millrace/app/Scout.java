package io.millrace.app;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.founding.Encounter.Verdict;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a broker goes on with the cluster that it founded alone, whether it meets another
 * one of the same name. One round, for at most a second, and as long for those that probed this
 * broker meanwhile; who is silent is not waited for. Confined to: the control loop, save {@link
 * #serve}.
 */
final class Scout implements PeerService {
  private static final Logger LOG = LoggerFactory.getLogger(Scout.class);
  private static final int ANSWER_MS_MAX = 1_000;

  /** Brokers that probe this one and are asked back, at most. */
  static final int ASKED_BACK_MAX = 16;

  private final EventLoop control;
  private final PeerLink link;
  private final Card self;
  private final Map<Place, Future<Void>> asked = new LinkedHashMap<>();
  private int backs;
  private Verdict verdict = Verdict.GO_ON;
  private String sentence = "";

  /**
   * @param self what this broker says of itself
   */
  Scout(EventLoop control, PeerLink link, Card self) {
    this.control = control;
    this.link = link;
    this.self = self;
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
   * @return whether to go on or to yield; fails with {@link StartException} when neither can be
   */
  Future<Verdict> look(List<Place> places) {
    control.assertOwner();
    places.forEach(this::ask);
    return joined()
        .compose(round -> joined()) // with those that were heard of meanwhile
        .transform(
            over ->
                verdict == Verdict.STOP
                    ? Future.failedFuture(new StartException(sentence))
                    : Future.succeededFuture(verdict));
  }

  private Future<Void> joined() {
    return Future.join(List.copyOf(asked.values())).transform(over -> Future.succeededFuture());
  }

  private void ask(Place place) {
    PeerAddress to = new PeerAddress(place.host(), place.port());
    asked.put(
        place,
        link.ask(control, to, Lane.CONTROL, PROBE, CardCodec.encode(self), ANSWER_MS_MAX)
            .map(CardCodec::decode)
            .onSuccess(this::met)
            .mapEmpty());
  }

  /** Anybody may send a card: a broker that matters is asked at its own port. */
  private void heard(Card other) {
    Future<Void> before = asked.get(other.place());
    boolean matters = Encounter.judge(self, other).compareTo(verdict) > 0;
    if (matters && backs < ASKED_BACK_MAX && (before == null || before.isComplete())) {
      backs++;
      ask(other.place());
    }
  }

  private void met(Card other) {
    Verdict next = Encounter.judge(self, other);
    if (next.compareTo(verdict) > 0) {
      verdict = next;
      sentence = Encounter.sentence(self, other);
      LOG.debug("met broker {} of cluster {}: {}", other.brokerId(), other.clusterId(), next);
    }
  }
}
