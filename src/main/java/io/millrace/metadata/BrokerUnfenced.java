package io.millrace.metadata;

/**
 * A broker may lead from now on.
 *
 * @param id broker id
 * @param epoch epoch of its registration
 */
public record BrokerUnfenced(int id, long epoch) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    return image.withBroker(Preconditions.broker(image, id, epoch).withFenced(false));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.brokers();
  }
}
