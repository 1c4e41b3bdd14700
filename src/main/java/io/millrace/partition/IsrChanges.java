package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;

/**
 * Asks the controller for other ISRs (AlterPartition, KIP-497). Thread-safe.
 *
 * <p>Requests name topics by id and the members of an ISR with their broker epochs (version 3).
 */
@FunctionalInterface
public interface IsrChanges {

  /**
   * Sends the proposals.
   *
   * @param asker the answer completes on it
   * @return fails when it is not known what became of them: they are sent again then
   */
  Future<AlterPartitionResponseData> alter(EventLoop asker, AlterPartitionRequestData request);

  /** For a broker that has no other: it has nothing to propose. */
  IsrChanges NONE =
      (asker, request) -> Future.failedFuture(new IllegalStateException("there is no controller"));
}
