package io.millrace.metadata;

/**
 * A broker is no member of the cluster any more.
 *
 * @param id broker id
 * @param epoch epoch of its registration
 */
public record BrokerUnregistered(int id, long epoch) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    return image.withoutBroker(Preconditions.broker(image, id, epoch));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.brokers();
  }
}
