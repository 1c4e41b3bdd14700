package io.millrace.metadata;

/** Acts on changes of the cluster's image. */
public interface MetadataListener {

  /**
   * Called on the control loop, for one change after the other: the next call comes when {@code
   * done} was run. What happened meanwhile comes as one change. The first change after {@code
   * addListener} is everything that the image holds.
   *
   * <p>Readers see the new image, and requests that caused the change are answered, when all
   * listeners are done: a topic that was created can be produced to.
   *
   * @param done to be run exactly once, on the control loop, when all that the change asks for is
   *     done or has failed (a log that cannot be opened is an offline partition, not a reason to
   *     hold back the image)
   */
  void onImage(ClusterChange change, Runnable done);
}
