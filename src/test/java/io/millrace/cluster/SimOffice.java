package io.millrace.cluster;

import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.ReplicaReports;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.EffectiveConfigs;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;

/**
 * The active controller of broker 0 on a clock that the test moves, above a log of the test.
 * Confined to: the test's thread.
 */
final class SimOffice {
  final SimScheduler world = new SimScheduler(1);
  final EventLoop control = world.process("broker").loop("control");
  final DecisionPipeline pipeline;
  final ActiveController controller;

  /**
   * @param log makes the metadata log, given the control loop
   */
  SimOffice(Function<EventLoop, MetadataLog> log) {
    pipeline =
        new DecisionPipeline(
            control,
            log.apply(control),
            fault -> {
              throw new AssertionError(fault);
            });
    EffectiveConfigs configs = new EffectiveConfigs(BrokerConfig.DEFAULTS, 0);
    controller =
        new ActiveController(
            control,
            pipeline,
            new Controller(configs, 0, Uuid::randomUuid),
            new ReplicaReports(configs),
            new ClusterOptions(
                0, new Uuid(1, 0), "cluster", true, List.of(), null, true, BrokerConfig.DEFAULTS),
            Uuid::randomUuid);
  }

  /** Runs a step on the control loop, and what follows from it within 10 ms. */
  void on(Runnable step) {
    control.execute(step);
    world.runFor(10);
  }
}
