package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.founding.Seeker;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An empty cluster of broker 1 alone, which runs and is probed. */
class MeetingTest {
  private static final long SOON_MS = 100;

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final Ports ports = new Ports();
  private final Meeting meeting = new Meeting(control, ports, seeker());
  private final List<Card> metBy = new ArrayList<>();
  private boolean empty = true;

  /** Who answers where, and who was asked. */
  private static final class Ports implements PeerLink {
    private final Map<PeerAddress, Card> answers = new HashMap<>();
    private final List<PeerAddress> asked = new ArrayList<>();

    @Override
    public <R extends ApiMessage> Future<PeerAnswer<R>> send(
        EventLoop asker,
        PeerAddress to,
        Lane lane,
        ApiKeys api,
        short version,
        ApiMessage request,
        int timeoutMs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<byte[]> ask(
        EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
      asked.add(to);
      Card card = answers.get(to);
      return card == null
          ? Future.failedFuture(new PeerFault(PeerFault.Kind.REFUSED, to + " refused"))
          : Future.succeededFuture(CardCodec.encode(card));
    }

    @Override
    public void onLost(EventLoop loop, Consumer<PeerAddress> listener) {}
  }

  private static Seeker seeker() {
    return new Seeker(
        1, new Uuid(1, 1), "n", null, new Place("a", 9100), 0, List.of(), 1, false);
  }

  private static Card full(int incarnation, String host) {
    return new Card(
        2,
        new Uuid(2, incarnation),
        "n",
        "other",
        Stage.STARTING,
        Founder.NO,
        false,
        new Place(host, 9100),
        0,
        List.of());
  }

  private void answers(Card card) {
    ports.answers.put(new PeerAddress(card.place().host(), card.place().port()), card);
  }

  private void probedBy(Card card) {
    meeting.serve(control, CardCodec.encode(card));
  }

  @BeforeEach
  void serves() {
    control.execute(
        () -> {
          meeting.member("own");
          meeting.yieldsWhile(() -> empty).onSuccess(metBy::add);
        });
    scheduler.runFor(SOON_MS);
  }

  @Test
  void givesUpForABrokerThatSaysTheSameAtItsOwnPort() {
    answers(full(7, "b"));

    probedBy(full(7, "b"));
    scheduler.runFor(SOON_MS);

    assertThat(metBy).containsExactly(full(7, "b"));
  }

  @Test
  void doesNotBelieveACardAlone() {
    answers(full(7, "b"));
    answers(full(8, "c").withBlank(true));

    for (Card forged : List.of(full(6, "b"), full(8, "c"), full(9, "nobody"))) {
      probedBy(forged);
      scheduler.runFor(Meeting.ASK_BACK_EVERY_MS);
    }

    assertThat(ports.asked).hasSize(3);
    assertThat(metBy).isEmpty();
  }

  @Test
  void asksBackOnceInAWhileAndThenWhoCameLast() {
    answers(full(7, "b"));
    probedBy(full(5, "nobody"));
    scheduler.runFor(SOON_MS);

    for (int i = 0; i < 100; i++) {
      probedBy(full(i, "stranger-" + i));
    }
    probedBy(full(7, "b"));
    scheduler.runFor(Meeting.ASK_BACK_EVERY_MS - 2 * SOON_MS);
    assertThat(ports.asked).containsExactly(new PeerAddress("nobody", 9100));

    scheduler.runFor(3 * SOON_MS);
    assertThat(ports.asked).hasSize(2);
    assertThat(metBy).containsExactly(full(7, "b"));
  }

  @Test
  void keepsAClusterThatGotATopicMeanwhile() {
    answers(full(7, "b"));
    probedBy(full(5, "nobody"));
    scheduler.runFor(SOON_MS);
    probedBy(full(7, "b"));
    scheduler.runFor(SOON_MS);

    empty = false;
    scheduler.runFor(Meeting.ASK_BACK_EVERY_MS);

    assertThat(ports.asked).hasSize(2);
    assertThat(metBy).isEmpty();
  }
}
