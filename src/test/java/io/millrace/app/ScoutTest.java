package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Encounter.Verdict;
import io.millrace.cluster.founding.Place;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Broker 1 looks around at its start; its cluster holds something. */
class ScoutTest {
  private static final Place OTHER = new Place("other", 9100);

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final CardPorts ports = new CardPorts();
  private final Scout scout = new Scout(control, ports, card(1, Stage.STARTING, new Place("a", 1)));

  private static Card card(int id, Stage stage, Place place) {
    return new Card(
        id, new Uuid(id, 1), "n", "cluster-" + id, stage, Founder.NO, false, place, 0, List.of());
  }

  private Future<Verdict> look() {
    return control.ask(control, () -> scout.look(List.of(OTHER)));
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
}
