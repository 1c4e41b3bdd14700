package io.millrace.metadata;

/**
 * A broker became the active controller; the first fact of its term.
 *
 * @param brokerId id of the broker
 * @param brokerEpoch epoch of its registration
 */
public record ControllerActivated(int brokerId, long brokerEpoch) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    Preconditions.broker(image, brokerId, brokerEpoch);
    return image.withControllerId(brokerId);
  }
}
