package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.controller.BrokerAdmission;
import io.millrace.cluster.controller.Controller;
import io.millrace.eventloop.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.junit.jupiter.api.Test;

/** Broker 0 is alone for a while, at rest, before broker 1 joins it. */
class LoneControllerTest {
  private static final long ALONE_MS = 14_100;

  private final SimOffice sim =
      new SimOffice(loop -> new MemoryMetadataLog(loop, new ArrayList<>()));
  private final SimScheduler world = sim.world;
  private final DecisionPipeline pipeline = sim.pipeline;
  private final ActiveController office = sim.controller;

  LoneControllerTest() {
    on(
        () -> {
          pipeline.open();
          pipeline.tell(office);
        });
    world.runFor(ALONE_MS);
  }

  private void on(Runnable step) {
    sim.on(step);
  }

  private void join() {
    BrokerAdmission.Applicant joiner =
        new BrokerAdmission.Applicant(
            1, new Uuid(1, 1), List.of(), null, true, -1, new Uuid(2, 1), "1");
    on(() -> office.register(Controller.registration(pipeline.image().clusterId(), joiner)));
    on(
        () ->
            office.heartbeat(
                new BrokerHeartbeatRequestData()
                    .setBrokerId(1)
                    .setBrokerEpoch(pipeline.image().broker(1).epoch())
                    .setCurrentMetadataOffset(pipeline.image().index())));
    assertThat(pipeline.image().isAlive(1)).isTrue();
  }

  @Test
  void staysUnfencedByItself() {
    assertThat(pipeline.image().isAlive(0)).isTrue();
  }

  @Test
  void keepsTheOneThatJoinedForALease() {
    join();
    world.runFor(ActiveController.LEASE_MS - 200);
    assertThat(pipeline.image().isAlive(1)).isTrue();
  }

  @Test
  void fencesTheOneThatJoinedWhenItsLeaseIsOver() {
    join();
    world.runFor(ActiveController.LEASE_MS + 300);
    assertThat(pipeline.image().isAlive(1)).isFalse();
    assertThat(pipeline.image().isAlive(0)).isTrue();
  }
}
