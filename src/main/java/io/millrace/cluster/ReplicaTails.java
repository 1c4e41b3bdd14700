package io.millrace.cluster;

import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Where the logs of this broker's replicas end. Thread-safe. */
public interface ReplicaTails {
  /** No replicas. */
  ReplicaTails NONE = (asker, replicas) -> Future.succeededFuture(Map.of());

  /**
   * Where a log ends.
   *
   * @param lastEpoch leader epoch of its last whole batch, -1 for none
   * @param logEnd offset behind its last whole batch
   */
  record Tail(int lastEpoch, long logEnd) {}

  /** The ends of those replicas; a replica that is not here or cannot be read is left out. */
  Future<Map<TopicIdPartition, Tail>> tails(EventLoop asker, List<TopicIdPartition> replicas);
}
