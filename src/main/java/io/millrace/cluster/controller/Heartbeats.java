package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerFenced;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerShuttingDown;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides BrokerHeartbeat: a broker that has caught up is unfenced, one that wants to go gives its
 * leaderships to others first and is then let go (controlled shutdown). One that was fenced after
 * it had served stays so until it registers again, so that nothing said before counts any more.
 */
final class Heartbeats {
  private final EffectiveConfigs configs;

  Heartbeats(EffectiveConfigs configs) {
    this.configs = configs;
  }

  /**
   * Decides.
   *
   * @param caughtUp whether the broker has applied its own registration and what came before it
   * @param othersCaughtUp whether all brokers that are alive have applied the changes with which
   *     this one gave up its leaderships
   */
  Decision<BrokerHeartbeatResponseData> decide(
      ClusterImage image,
      BrokerHeartbeatRequestData request,
      boolean caughtUp,
      boolean othersCaughtUp) {
    BrokerHeartbeatResponseData reply = new BrokerHeartbeatResponseData();
    BrokerImage broker = image.broker(request.brokerId());
    if (broker == null) {
      return Decision.only(reply.setErrorCode(Errors.BROKER_ID_NOT_REGISTERED.code()));
    }
    if (broker.epoch() != request.brokerEpoch()) {
      return Decision.only(reply.setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
    }
    reply.setIsCaughtUp(caughtUp).setIsFenced(broker.fenced());
    if (request.wantShutDown()) {
      return shutDown(image, broker, othersCaughtUp, reply);
    }
    if (broker.fenced() && !broker.served() && caughtUp && !request.wantFence()) {
      return new Decision<>(unfence(image, broker), reply.setIsFenced(false));
    }
    if (!broker.fenced() && request.wantFence()) {
      return new Decision<>(fence(image, broker), reply.setIsFenced(true));
    }
    return Decision.only(reply);
  }

  private Decision<BrokerHeartbeatResponseData> shutDown(
      ClusterImage image,
      BrokerImage broker,
      boolean othersCaughtUp,
      BrokerHeartbeatResponseData reply) {
    if (broker.fenced()) {
      return Decision.only(reply.setShouldShutDown(true));
    }
    if (!broker.shuttingDown()) {
      BrokerShuttingDown leaving = new BrokerShuttingDown(broker.id(), broker.epoch());
      return new Decision<>(
          behindPartitions(
              new BrokerSweep(configs, image.apply(leaving)).gone(broker.id()), leaving),
          reply);
    }
    if (leads(image, broker.id()) || !othersCaughtUp) {
      return Decision.only(reply);
    }
    return new Decision<>(fence(image, broker), reply.setIsFenced(true).setShouldShutDown(true));
  }

  private static boolean leads(ClusterImage image, int broker) {
    for (TopicImage topic : image.topics().values()) {
      for (PartitionImage partition : topic.partitions()) {
        if (partition.leader() == broker) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Fact> unfence(ClusterImage image, BrokerImage broker) {
    BrokerUnfenced unfenced = new BrokerUnfenced(broker.id(), broker.epoch());
    List<Fact> facts = new ArrayList<>();
    facts.add(unfenced);
    facts.addAll(new BrokerSweep(configs, image.apply(unfenced)).back(broker.id()));
    return facts;
  }

  /** The broker is gone: its leaderships move, and it is fenced. */
  List<Fact> fence(ClusterImage image, BrokerImage broker) {
    BrokerFenced fenced = new BrokerFenced(broker.id(), broker.epoch());
    return behindPartitions(
        new BrokerSweep(configs, image.apply(fenced)).gone(broker.id()), fenced);
  }

  /** When they take several entries and the last ones are lost, all of it is decided again. */
  private static List<Fact> behindPartitions(List<Fact> partitions, Fact broker) {
    List<Fact> facts = new ArrayList<>(partitions);
    facts.add(broker);
    return facts;
  }
}
