package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.Fact;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.junit.jupiter.api.Test;

/** A broker leaves (controlled shutdown) while the metadata log is slow: 0 controls, 1 leaves. */
class ActiveControllerTest {
  private static final long TERM = 4;

  private final HeldLog log = new HeldLog();
  private final SimOffice sim = new SimOffice(loop -> log);
  private final SimScheduler world = sim.world;
  private final DecisionPipeline pipeline = sim.pipeline;
  private final ActiveController office = sim.controller;

  ActiveControllerTest() {
    on(
        () -> {
          pipeline.open();
          pipeline.leading(TERM);
          List<Fact> brokers = new ArrayList<>();
          for (int id = 0; id < 3; id++) {
            brokers.add(new BrokerRegistered(id, id, -1, new Uuid(1, id), List.of(), null));
            brokers.add(new BrokerUnfenced(id, id));
          }
          pipeline.submit(brokers);
          pipeline.tell(office);
          log.deliverAll(TERM);
        });
    beatAll();
  }

  private void on(Runnable step) {
    sim.on(step);
  }

  /** A heartbeat of a broker that has applied the newest image. */
  private Future<BrokerHeartbeatResponseData> beat(int broker, boolean leaves) {
    return beat(broker, leaves, pipeline.image().index());
  }

  private Future<BrokerHeartbeatResponseData> beat(int broker, boolean leaves, long applied) {
    BrokerHeartbeatRequestData request =
        new BrokerHeartbeatRequestData()
            .setBrokerId(broker)
            .setBrokerEpoch(broker)
            .setCurrentMetadataOffset(applied)
            .setWantShutDown(leaves);
    List<Future<BrokerHeartbeatResponseData>> replies = new ArrayList<>();
    on(() -> replies.add(office.heartbeat(request)));
    return replies.get(0);
  }

  private void beatAll() {
    for (int broker = 0; broker < 3; broker++) {
      beat(broker, false);
    }
  }

  @Test
  void letsABrokerGoWhenTheOthersHaveAppliedThatItLeadsNothing() {
    beat(1, true);
    on(() -> log.deliverAll(TERM));
    beat(0, false);
    beat(2, false);

    Future<BrokerHeartbeatResponseData> reply = beat(1, true);
    on(() -> log.deliverAll(TERM));

    assertThat(reply.result().shouldShutDown()).isTrue();
  }

  @Test
  void doesNotLetItGoForWhatTheOthersAppliedBeforeThatWasCommitted() {
    beat(1, true);
    Future<BrokerHeartbeatResponseData> meanwhile = beat(1, true);
    on(() -> log.deliverAll(TERM));

    assertThat(meanwhile.result().shouldShutDown()).isFalse();
    assertThat(pipeline.image().isAlive(1)).isTrue();
  }

  @Test
  void waitsForTheSlowestOfTheOthers() {
    long before = pipeline.image().index();
    beat(1, true);
    beat(1, true);
    on(() -> log.deliverAll(TERM));
    beat(0, false);
    beat(2, false, before);

    Future<BrokerHeartbeatResponseData> reply = beat(1, true);
    on(() -> log.deliverAll(TERM));

    assertThat(reply.result().shouldShutDown()).isFalse();
  }
}
