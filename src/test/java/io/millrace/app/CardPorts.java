package io.millrace.app;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.eventloop.EventLoop;
import io.millrace.testkit.AskedLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Peer ports that answer probes with cards, are silent, or refuse; notes where was asked.
 *
 * <p>Confined to: the test's thread.
 */
final class CardPorts extends AskedLink {
  private final Map<PeerAddress, Card> answers = new HashMap<>();
  private final Map<PeerAddress, Integer> busy = new HashMap<>();
  private final Set<PeerAddress> silent = new HashSet<>();
  private final List<PeerAddress> asked = new ArrayList<>();

  /** A broker answers at the place that its card names. */
  void answers(Card card) {
    answers.put(address(card.place()), card);
  }

  /** Nobody answers there, nor refuses. */
  void isSilent(Place place) {
    silent.add(address(place));
  }

  /** It takes connections, and does not answer the first {@code probes}. */
  void isBusy(Place place, int probes) {
    busy.put(address(place), probes);
  }

  /** Where was asked, in that order. */
  List<PeerAddress> asked() {
    return asked;
  }

  private static PeerAddress address(Place place) {
    return new PeerAddress(place.host(), place.port());
  }

  @Override
  public Future<byte[]> ask(
      EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
    asked.add(to);
    Promise<byte[]> answer = Promise.promise();
    if (silent.contains(to)) {
      asker.schedule(
          timeoutMs, () -> answer.fail(new PeerFault(PeerFault.Kind.SILENT, to + " is silent")));
      return answer.future();
    }
    if (busy.merge(to, -1, Integer::sum) >= 0) {
      asker.schedule(
          timeoutMs,
          () -> answer.fail(new PeerFault(PeerFault.Kind.SILENT, to + " is mute", true)));
      return answer.future();
    }
    asker.schedule(
        10,
        () -> {
          Card card = answers.get(to);
          if (card == null) {
            answer.fail(new PeerFault(PeerFault.Kind.REFUSED, to + " refused"));
          } else {
            answer.complete(CardCodec.encode(card));
          }
        });
    return answer.future();
  }
}
