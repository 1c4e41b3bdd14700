package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.founding.Encounter.Verdict;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Broker 1 looks around at its start; its cluster holds something, and is of itself alone. */
class ScoutTest {
  private static final Place OTHER = new Place("other", 9100);

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final CardPorts ports = new CardPorts();
  private final Scout scout =
      new Scout(control, ports, card(1, Stage.STARTING, new Place("a", 1)), Encounter::judge, 0);

  private static Card card(int id, Stage stage, Place place) {
    return new Card(
        id, new Uuid(id, 1), "n", "cluster-" + id, stage, Founder.NO, false, place, 0, List.of());
  }

  private Future<Verdict> look() {
    return control.ask(control, () -> scout.look(List.of(OTHER), List.of()));
  }

  private void probedBy(Card card) {
    scout.serve(control, CardCodec.encode(card));
  }

  @Test
  void stopsForABrokerOfAnotherClusterThatRuns() {
    ports.answers(card(2, Stage.MEMBER, OTHER));

    Future<Verdict> verdict = look();
    scheduler.runFor(100);

    assertThat(verdict.cause())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cluster-2");
  }

  @Test
  void asksBackWhoProbesItMeanwhile() {
    Card elsewhere = card(3, Stage.MEMBER, new Place("elsewhere", 9100));
    ports.answers(elsewhere);

    Future<Verdict> verdict = look();
    probedBy(elsewhere);
    scheduler.runFor(100);

    assertThat(verdict.cause())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cluster-3");
  }

  @Test
  void doesNotBelieveACardAlone() {
    Future<Verdict> verdict = look();
    for (int i = 0; i < 100; i++) {
      probedBy(card(3, Stage.MEMBER, new Place("stranger-" + i, 9100)));
    }
    scheduler.runFor(100);

    assertThat(verdict.result()).isEqualTo(Verdict.GO_ON);
    assertThat(ports.asked()).hasSize(1 + Scout.ASKED_BACK_MAX);
  }

  /** A broker of a cluster of several. */
  private Scout ofSeveral() {
    Card own = member(1, Stage.STARTING, new Place("a", 1), 0);
    return new Scout(control, ports, own, Encounter::judgeOwn, 2);
  }

  private static Card member(int id, Stage stage, Place place, int recoveries) {
    return new Card(
        id, new Uuid(id, 1), "n", "c", stage, Founder.NO, false, place, 0, List.of(), recoveries);
  }

  private Future<Verdict> look(Scout looking, List<Place> known, List<Place> extras) {
    return control.ask(control, () -> looking.look(known, extras));
  }

  @Test
  void followsTheMostRecoveriesOfItsOwnCluster() {
    Scout several = ofSeveral();
    List<Place> known = new ArrayList<>();
    for (int id : List.of(2, 3, 4)) {
      Place place = new Place("host-" + id, 9100);
      known.add(place);
      ports.answers(member(id, Stage.MEMBER, place, id == 3 ? 2 : 1));
    }

    Future<Verdict> verdict = look(several, known, List.of());
    scheduler.runFor(100);

    assertThat(verdict.result()).isEqualTo(Verdict.FOLLOW);
    assertThat(several.reason().brokerId()).isEqualTo(3);
  }

  @Test
  void goesOnAtOnceWhenTheKnownBrokersHaveAnsweredOrRefused() {
    ports.answers(member(2, Stage.MEMBER, OTHER, 0));
    Place silent = new Place("silent", 9100);
    ports.isSilent(silent);

    Future<Verdict> verdict =
        look(ofSeveral(), List.of(OTHER, new Place("refuses", 9100)), List.of(silent));
    scheduler.runFor(50);

    assertThat(verdict.result()).isEqualTo(Verdict.GO_ON);
    assertThat(ports.asked()).contains(new PeerAddress("silent", 9100));
  }

  @Test
  void waitsASecondForAKnownBrokerThatIsSilent() {
    Place silent = new Place("silent", 9100);
    ports.isSilent(silent);

    Future<Verdict> verdict = look(ofSeveral(), List.of(silent), List.of());
    scheduler.runFor(900);
    assertThat(verdict.isComplete()).isFalse();

    scheduler.runFor(200);
    assertThat(verdict.result()).isEqualTo(Verdict.GO_ON);
  }

  @Test
  void asksABrokerAgainThatTakesConnectionsAndIsBusy() {
    ports.answers(member(2, Stage.MEMBER, OTHER, 1));
    ports.isBusy(OTHER, 2);

    Future<Verdict> verdict = look(ofSeveral(), List.of(OTHER), List.of());
    scheduler.runFor(2_500);

    assertThat(verdict.result()).isEqualTo(Verdict.FOLLOW);
  }

  @Test
  void ofSeveralIgnoresAnotherClusterOfTheSameName() {
    ports.answers(card(2, Stage.MEMBER, OTHER));

    Future<Verdict> verdict = look(ofSeveral(), List.of(OTHER), List.of());
    scheduler.runFor(100);

    assertThat(verdict.result()).isEqualTo(Verdict.GO_ON);
  }
}
