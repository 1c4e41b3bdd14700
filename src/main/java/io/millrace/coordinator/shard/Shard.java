package io.millrace.coordinator.shard;

/**
 * A state machine whose memory is a function of the records of one partition.
 *
 * <p>Its own request methods read the state and give a {@link ShardResult}; they may change soft
 * state (who waits, when a session ends), which is lost with the coordinator, but nothing that
 * survives it. The runtime appends the records of the result, all or none, and then hands back
 * exactly those to {@link #replay}. When an append fails the whole object is thrown away and a new
 * one is loaded, so no method has to undo anything; save for a method that decides by its records
 * alone, as a commit of offsets does: it may be run so that the object goes on.
 *
 * <p>Confined to: the loop of its partition.
 *
 * @param <R> the records of this kind of coordinator, decoded
 */
public interface Shard<R> {

  /**
   * Applies one record, on loading and after each append.
   *
   * @param producerId producer id of the batch; -1 outside of transactions. A record with a
   *     producer id takes effect with the end marker of its transaction.
   * @param producerEpoch epoch of that producer; -1 outside of transactions
   */
  void replay(long producerId, short producerEpoch, R record);

  /**
   * Ends the open transaction of a producer: its records take effect, or are dropped.
   *
   * @param committed whether the transaction was committed
   */
  void replayEndMarker(long producerId, short producerEpoch, boolean committed);

  /**
   * Called once when everything in the partition has been replayed: timers start anew, and what
   * holds nothing any more may be cleaned.
   */
  ShardResult<R> loaded();
}
