package io.millrace.cluster.raft;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;

/**
 * Hears what a member of the Raft group applies, in the log's order. Confined to: the control loop.
 */
interface MemberListener {
  /** The image after all entries that were heard of. */
  ClusterImage image();

  /**
   * This is the image now: read from a snapshot, or the one that the log begins with.
   *
   * @param termBase what is added to the term of Raft
   */
  void restored(long termBase, ClusterImage image);

  /**
   * The next entry.
   *
   * @param logTerm term in which it stands, of the metadata log
   */
  void committed(long logTerm, MetadataEntry entry);

  /** This member leads, and everything before its term is applied. */
  void leading(long raftTerm);

  /** This member leads no more. */
  void following();

  /** Ratis closed this member: the group has removed it. */
  void removed();

  /** This member cannot go on. */
  void failed(Throwable cause);
}
