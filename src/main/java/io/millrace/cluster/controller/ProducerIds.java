package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ProducerIdsAllocated;
import java.util.List;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Decides AllocateProducerIds: blocks of producer ids that are given once (KIP-730). */
final class ProducerIds {
  /** Ids of a block, as in Kafka. */
  static final int BLOCK_SIZE = 1000;

  Decision<AllocateProducerIdsResponseData> decide(
      ClusterImage image, AllocateProducerIdsRequestData request) {
    BrokerImage broker = image.broker(request.brokerId());
    if (broker == null || broker.epoch() != request.brokerEpoch()) {
      return Decision.only(
          new AllocateProducerIdsResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
    }
    long first = image.nextProducerId();
    if (first > Long.MAX_VALUE - BLOCK_SIZE) {
      return Decision.only(
          new AllocateProducerIdsResponseData().setErrorCode(Errors.UNKNOWN_SERVER_ERROR.code()));
    }
    return new Decision<>(
        List.of(new ProducerIdsAllocated(broker.id(), broker.epoch(), first, BLOCK_SIZE)),
        new AllocateProducerIdsResponseData()
            .setProducerIdStart(first)
            .setProducerIdLen(BLOCK_SIZE));
  }
}
