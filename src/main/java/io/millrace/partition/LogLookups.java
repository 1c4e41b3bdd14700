package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.ActiveProducer;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * What is looked up in the log of a replica rather than read from it. It hops to the shard of the
 * log and back to the loop that asks.
 *
 * <p>Stateless.
 */
final class LogLookups {
  private LogLookups() {}

  private interface Lookup<T> {
    T in(Log log) throws IOException;
  }

  /**
   * As {@link Partition#findOffset}, in the log of a leader.
   *
   * @param leaderEpoch the leader's
   */
  static Future<FoundOffset> offset(
      EventLoop caller, LocalReplica replica, long timestampMs, ReadLimit limit, int leaderEpoch) {
    LogView view = replica.stored().view();
    long end = limit.of(view);
    // What was committed is known, also when a transaction that was open before ends later.
    boolean maySeeAll =
        limit == ReadLimit.LOG_END || replica.epochStartOffset() <= view.highWatermark();
    if (timestampMs == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return Future.succeededFuture(
          maySeeAll
              ? new FoundOffset(Errors.NONE, end, -1, leaderEpoch)
              : FoundOffset.refused(Errors.OFFSET_NOT_AVAILABLE));
    }
    Future<FoundOffset> found =
        lookUp(caller, replica.stored(), log -> FoundOffset.in(log, timestampMs, limit));
    return maySeeAll || timestampMs < 0 ? found : found.map(LogLookups::unlessItMayComeLater);
  }

  private static FoundOffset unlessItMayComeLater(FoundOffset found) {
    return found.error() == Errors.NONE && found.offset() < 0
        ? FoundOffset.refused(Errors.OFFSET_NOT_AVAILABLE)
        : found;
  }

  /** As {@link Partition#epochEnd}, in the log of a leader. */
  static Future<FoundOffset> epochEnd(EventLoop caller, StoredLog stored, int leaderEpoch) {
    return lookUp(caller, stored, log -> FoundOffset.epochEnd(log, leaderEpoch));
  }

  /** As {@link Partition#producers}. */
  static Future<List<ProducerState>> producers(EventLoop caller, StoredLog stored) {
    return lookUp(
        caller, stored, log -> log.producers().stream().map(LogLookups::message).toList());
  }

  private static ProducerState message(ActiveProducer producer) {
    return new ProducerState()
        .setProducerId(producer.producerId())
        .setProducerEpoch(producer.producerEpoch())
        .setLastSequence(producer.lastSequence())
        .setLastTimestamp(producer.lastTimestampMs())
        .setCoordinatorEpoch(producer.coordinatorEpoch())
        .setCurrentTxnStartOffset(producer.currentTxnStartOffset());
  }

  private static <T> Future<T> lookUp(EventLoop caller, StoredLog stored, Lookup<T> lookup) {
    return caller.ask(
        stored.shard(),
        () -> {
          try {
            return Future.succeededFuture(lookup.in(stored.log()));
          } catch (IOException e) {
            return Future.failedFuture(e);
          }
        });
  }
}
