package io.millrace.partition;

/** Told when a leader has news for a follower: records, offsets, or another leader. */
@FunctionalInterface
public interface FollowerWatch {
  /** Runs on the shard of the partition; it must be cheap and may come often. */
  void moved();
}
