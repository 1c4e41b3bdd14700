package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.founding.Seeker;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An empty cluster of broker 1 alone, which runs and is probed. */
class MeetingTest {
  private static final long SOON_MS = 100;

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final CardPorts ports = new CardPorts();
  private int recoveries;
  private final Meeting meeting = new Meeting(control, ports, seeker(), () -> recoveries);
  private final List<Card> metBy = new ArrayList<>();
  private boolean empty = true;

  private static Seeker seeker() {
    return new Seeker(1, new Uuid(1, 1), "n", null, new Place("a", 9100), 0, List.of(), 1, false);
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
    ports.answers(full(7, "b"));

    probedBy(full(7, "b"));
    scheduler.runFor(SOON_MS);

    assertThat(metBy).containsExactly(full(7, "b"));
  }

  @Test
  void doesNotBelieveACardAlone() {
    ports.answers(full(7, "b"));
    ports.answers(full(8, "c").withBlank(true));

    for (Card forged : List.of(full(6, "b"), full(8, "c"), full(9, "nobody"))) {
      probedBy(forged);
      scheduler.runFor(Meeting.ASK_BACK_EVERY_MS);
    }

    assertThat(ports.asked()).hasSize(3);
    assertThat(metBy).isEmpty();
  }

  @Test
  void asksBackOnceInAWhileAndThenWhoCameLast() {
    ports.answers(full(7, "b"));
    probedBy(full(5, "nobody"));
    scheduler.runFor(SOON_MS);

    for (int i = 0; i < 100; i++) {
      probedBy(full(i, "stranger-" + i));
    }
    probedBy(full(7, "b"));
    scheduler.runFor(Meeting.ASK_BACK_EVERY_MS - 2 * SOON_MS);
    assertThat(ports.asked()).containsExactly(new PeerAddress("nobody", 9100));

    scheduler.runFor(3 * SOON_MS);
    assertThat(ports.asked()).hasSize(2);
    assertThat(metBy).containsExactly(full(7, "b"));
  }

  @Test
  void keepsAClusterThatGotATopicMeanwhile() {
    ports.answers(full(7, "b"));
    probedBy(full(5, "nobody"));
    scheduler.runFor(SOON_MS);
    probedBy(full(7, "b"));
    scheduler.runFor(SOON_MS);

    empty = false;
    scheduler.runFor(Meeting.ASK_BACK_EVERY_MS);

    assertThat(ports.asked()).hasSize(2);
    assertThat(metBy).isEmpty();
  }

  private static Card recovered(int count) {
    return new Card(
        3,
        new Uuid(3, 1),
        "n",
        "own",
        Stage.MEMBER,
        Founder.NO,
        false,
        new Place("c", 9100),
        0,
        List.of(),
        count);
  }

  private List<Card> givenUpTo(BooleanSupplier isLed) {
    List<Card> found = new ArrayList<>();
    control.execute(() -> meeting.givenUpWhile(isLed).onSuccess(found::add));
    return found;
  }

  @Test
  void noticesThatItsOwnClusterGoesOnElsewhereAfterARecovery() {
    empty = false;
    List<Card> found = givenUpTo(() -> true);
    ports.answers(recovered(1));

    probedBy(recovered(1));
    scheduler.runFor(SOON_MS);

    assertThat(found).containsExactly(recovered(1));
    assertThat(metBy).isEmpty();
  }

  @Test
  void leavesALogThatNobodyLeadsToTheOneThatLooksForALeader() {
    List<Card> found = givenUpTo(() -> false);
    ports.answers(recovered(1));

    probedBy(recovered(1));
    scheduler.runFor(SOON_MS);

    assertThat(found).isEmpty();
    assertThat(ports.asked()).isEmpty();
  }

  @Test
  void doesNotBelieveTheCardOfARecoveryAlone() {
    List<Card> found = givenUpTo(() -> true);
    ports.answers(recovered(0));

    probedBy(recovered(1));
    scheduler.runFor(SOON_MS);

    assertThat(ports.asked()).hasSize(1);
    assertThat(found).isEmpty();
  }

  @Test
  void theRecoveryThatItKnowsOfIsNoConcern() {
    List<Card> found = givenUpTo(() -> true);
    ports.answers(recovered(1));
    recoveries = 1;

    probedBy(recovered(1));
    scheduler.runFor(SOON_MS);

    assertThat(ports.asked()).isEmpty();
    assertThat(found).isEmpty();
  }
}
