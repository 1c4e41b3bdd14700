package io.millrace.partition;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which brokers are registered and alive, by the newest image. Thread-safe. */
@FunctionalInterface
interface BrokerEpochs {

  /** Epoch of the broker's registration while it is not fenced, else -1 (KIP-903). */
  long ofAlive(int brokerId);

  /** Rack of a broker; null when it has none. */
  default @Nullable String rackOf(int brokerId) {
    return null;
  }

  /** Whether the broker is about to stop in good order: it joins no ISR any more. */
  default boolean isLeaving(int brokerId) {
    return false;
  }

  /** Whether the broker may join an ISR under that registration. */
  default boolean mayJoin(int brokerId, long epoch) {
    return epoch >= 0 && ofAlive(brokerId) == epoch && !isLeaving(brokerId);
  }

  /** As the image of the moment says. */
  static BrokerEpochs of(Supplier<ClusterImage> image) {
    return new BrokerEpochs() {
      @Override
      public long ofAlive(int brokerId) {
        BrokerImage broker = image.get().broker(brokerId);
        return broker == null || broker.fenced() ? -1 : broker.epoch();
      }

      @Override
      public boolean isLeaving(int brokerId) {
        BrokerImage broker = image.get().broker(brokerId);
        return broker != null && broker.shuttingDown();
      }

      @Override
      public @Nullable String rackOf(int brokerId) {
        BrokerImage broker = image.get().broker(brokerId);
        return broker == null ? null : broker.rack();
      }
    };
  }
}
