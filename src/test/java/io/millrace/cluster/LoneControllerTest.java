package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.controller.BrokerAdmission;
import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.ReplicaReports;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.EffectiveConfigs;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.junit.jupiter.api.Test;

/** Broker 0 is alone for a while, at rest, before broker 1 joins it. */
class LoneControllerTest {
  private static final long ALONE_MS = 14_100;

  private final SimScheduler world = new SimScheduler(1);
  private final EventLoop control = world.process("broker").loop("control");
  private final MemoryMetadataLog log = new MemoryMetadataLog(control, new ArrayList<>());
  private final DecisionPipeline pipeline =
      new DecisionPipeline(
          control,
          log,
          fault -> {
            throw new AssertionError(fault);
          });
  private final ActiveController office = office();

  LoneControllerTest() {
    on(
        () -> {
          pipeline.open();
          pipeline.tell(office);
        });
    world.runFor(ALONE_MS);
  }

  private ActiveController office() {
    EffectiveConfigs configs = new EffectiveConfigs(BrokerConfig.DEFAULTS, 0);
    return new ActiveController(
        control,
        pipeline,
        new Controller(configs, 0, Uuid::randomUuid),
        new ReplicaReports(configs),
        new ClusterOptions(
            0, new Uuid(1, 0), "cluster", true, List.of(), null, true, BrokerConfig.DEFAULTS),
        Uuid::randomUuid);
  }

  private void on(Runnable step) {
    control.execute(step);
    world.runFor(10);
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
