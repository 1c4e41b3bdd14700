package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerUnregistered;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Decides UnregisterBroker: the cluster forgets a broker that does not run (KIP-500). */
final class BrokerRemoval {
  private final EffectiveConfigs configs;

  BrokerRemoval(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<UnregisterBrokerResponseData> decide(
      ClusterImage image, UnregisterBrokerRequestData request) {
    BrokerImage broker = image.broker(request.brokerId());
    if (broker == null) {
      return refused(
          Errors.BROKER_ID_NOT_REGISTERED,
          "Broker ID " + request.brokerId() + " is not registered.");
    }
    if (!broker.fenced()) {
      return refused(
          Errors.INVALID_REQUEST,
          "Broker " + broker.id() + " runs and would register again: stop it first.");
    }
    BrokerUnregistered gone = new BrokerUnregistered(broker.id(), broker.epoch());
    List<Fact> facts = new ArrayList<>();
    facts.add(gone);
    facts.addAll(new BrokerSweep(configs, image.apply(gone)).forgotten(broker.id()));
    return new Decision<>(facts, new UnregisterBrokerResponseData().setErrorMessage(null));
  }

  private static Decision<UnregisterBrokerResponseData> refused(Errors error, String message) {
    return Decision.only(
        new UnregisterBrokerResponseData().setErrorCode(error.code()).setErrorMessage(message));
  }
}
