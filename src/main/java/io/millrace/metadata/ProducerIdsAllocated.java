package io.millrace.metadata;

/**
 * A broker may hand out a block of producer ids (KIP-730).
 *
 * @param brokerId id of the broker
 * @param brokerEpoch epoch of its registration
 * @param first first id of the block: the first that nobody was given before
 * @param count size of the block
 */
public record ProducerIdsAllocated(int brokerId, long brokerEpoch, long first, int count)
    implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    Preconditions.broker(image, brokerId, brokerEpoch);
    Preconditions.require(
        first == image.nextProducerId(),
        "the next producer id is %d, not %d",
        image.nextProducerId(),
        first);
    return image.withNextProducerId(first + count);
  }
}
