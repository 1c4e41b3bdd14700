package io.millrace.metadata;

/**
 * A broker began its controlled shutdown: it is given no leadership any more (KIP-500).
 *
 * @param id broker id
 * @param epoch epoch of its registration
 */
public record BrokerShuttingDown(int id, long epoch) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    return image.withBroker(Preconditions.broker(image, id, epoch).withShuttingDown());
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.brokers();
  }
}
