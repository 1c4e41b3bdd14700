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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a broker goes on with the cluster that it founded alone, whether it meets another
 * one of the same name. One round, for at most a second; who is silent is not waited for. Confined
 * to: the control loop, save {@link #serve}.
 */
final class Scout implements PeerService {
  private static final Logger LOG = LoggerFactory.getLogger(Scout.class);
  private static final int ANSWER_MS_MAX = 1_000;

  private final EventLoop control;
  private final PeerLink link;
  private final Card self;
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
          met(other);
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
    byte[] card = CardCodec.encode(self);
    List<Future<Void>> asked =
        places.stream()
            .map(place -> new PeerAddress(place.host(), place.port()))
            .map(to -> link.ask(control, to, Lane.CONTROL, PROBE, card, ANSWER_MS_MAX))
            .map(answer -> answer.map(CardCodec::decode).onSuccess(this::met).<Void>mapEmpty())
            .toList();
    return Future.join(asked)
        .transform(
            over ->
                verdict == Verdict.STOP
                    ? Future.failedFuture(new StartException(sentence))
                    : Future.succeededFuture(verdict));
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
