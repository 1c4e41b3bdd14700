package io.millrace.partition;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;

/** Which brokers are registered and alive, by the newest image. Thread-safe. */
interface BrokerEpochs {

  /** Epoch of the broker's registration while it is not fenced, else -1 (KIP-903). */
  long ofAlive(int brokerId);

  /** Whether the broker is alive under that registration. */
  default boolean isAlive(int brokerId, long epoch) {
    return epoch >= 0 && ofAlive(brokerId) == epoch;
  }

  /** As the image says. */
  static BrokerEpochs of(ClusterImage image) {
    return id -> {
      BrokerImage broker = image.broker(id);
      return broker == null || broker.fenced() ? -1 : broker.epoch();
    };
  }
}
