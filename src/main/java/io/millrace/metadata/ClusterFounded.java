package io.millrace.metadata;

/**
 * The first fact of a cluster.
 *
 * @param clusterId the id that was invented for it
 */
public record ClusterFounded(String clusterId) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    Preconditions.require(
        image.clusterId().isEmpty(), "the cluster was founded as %s", image.clusterId());
    return image.withClusterId(clusterId);
  }
}
