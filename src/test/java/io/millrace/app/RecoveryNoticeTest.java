package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.BrokerFenced;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Broker 0 of three; broker 1 is there, broker 2 is away. */
class RecoveryNoticeTest {
  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final List<PeerAddress> told = new ArrayList<>();
  private ClusterImage image = threeBrokers();

  private static ClusterImage threeBrokers() {
    ClusterImage image = ClusterImage.EMPTY;
    for (int id = 0; id < 3; id++) {
      image =
          image.apply(
              new BrokerRegistered(
                  id,
                  id,
                  -1,
                  new Uuid(1, id),
                  List.of(new Endpoint(Endpoint.PEER, "PLAINTEXT", "host-" + id, 9100)),
                  null));
      image = image.apply(new BrokerUnfenced(id, id));
    }
    return image.apply(new BrokerFenced(2, 2));
  }

  private Card own() {
    return new Card(
        0,
        new Uuid(1, 0),
        "n",
        "c",
        Stage.MEMBER,
        Founder.NO,
        false,
        new Place("host-0", 9100),
        0,
        List.of(),
        image.recoveries());
  }

  private void begin() {
    RecoveryNotice notice =
        new RecoveryNotice(
            control,
            0,
            () -> image,
            this::own,
            to -> {
              told.add(to);
              return Future.failedFuture("away");
            });
    control.execute(notice::begin);
  }

  @Test
  void tellsThoseThatAreAwayInEachRound() {
    image = image.recovered();
    begin();

    scheduler.runFor(3 * RecoveryNotice.EVERY_MS + 1);

    PeerAddress away = new PeerAddress("host-2", 9100);
    assertThat(told).containsExactly(away, away, away);
  }

  @Test
  void saysNothingInAClusterThatWasNeverRecovered() {
    begin();

    scheduler.runFor(3 * RecoveryNotice.EVERY_MS + 1);

    assertThat(told).isEmpty();
  }
}
