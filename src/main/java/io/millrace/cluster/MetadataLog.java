package io.millrace.cluster;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;

/**
 * A durable, ordered log of entries, the same on every broker of the cluster: a local file while a
 * broker is alone, a Raft log when there are several. Confined to: the control loop.
 */
public interface MetadataLog {

  /** Who applies the log. All methods are called on the control loop, in the log's order. */
  interface Applier {

    /**
     * The log begins with this image: what its snapshot holds, or nothing. Called first; and again
     * when this broker was so far behind that it is given an image instead of entries.
     */
    void restored(ClusterImage image);

    /**
     * An entry is durable and comes next in the log.
     *
     * @param logTerm term of the log in which it stands; that in which it was decided may differ
     */
    void committed(long logTerm, MetadataEntry entry);

    /** All that was in the log is applied and this broker decides from now on, in {@code term}. */
    void leading(long term);

    /**
     * This broker decides no more, or not yet, when the log was just opened; entries that it
     * submitted may or may not still come.
     */
    void following();

    /** The log cannot go on: nothing is decided or applied any more. */
    void failed(Throwable cause);

    /** The image after all entries given so far, for a snapshot. */
    ClusterImage image();
  }

  /**
   * Opens the log and gives the applier what is in it.
   *
   * @return completes when all that was durable is applied; fails when the log cannot be read
   */
  Future<Void> open(Applier applier);

  /**
   * Appends an entry. Its outcome is {@link Applier#committed}, in the order of submission, or
   * {@link Applier#following} or {@link Applier#failed} when it is unknown.
   */
  void submit(MetadataEntry entry);

  /**
   * Whether there is room for entries, as far as is known; those that are submitted without it wait
   * in memory.
   */
  default boolean hasRoom() {
    return true;
  }

  /** Closes the log after the entries that were submitted. */
  Future<Void> close();
}
