package io.millrace.coordinator.runtime;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a coordinator needs of the partition that holds its records: filled by the partition that
 * this broker leads, and by memory in simulations.
 *
 * <p>Confined to: the partition's shard loop, save where a method says otherwise.
 */
public interface ShardLog {

  /** Name for logs. Any thread. */
  String name();

  /** The loop that owns the partition, and the coordinator on it. Any thread. */
  EventLoop loop();

  /**
   * Whether nobody else can lead the partition yet: what is answered from memory now is the newest
   * that was acknowledged.
   */
  boolean isLedForSure();

  /** Largest batch that is taken, in bytes; may change at any time. */
  int maxBatchBytes();

  /** First offset of the log. */
  long startOffset();

  /**
   * Completes on the loop when everything that has been appended so far can be read.
   *
   * @return the offset behind it; at once when nothing is under way. Fails with {@link
   *     io.millrace.storage.log.AppendException} when this broker cannot lead the partition
   */
  Future<Long> settled();

  /**
   * Appends a batch, as a whole or not at all.
   *
   * @param leaderEpoch epoch that the coordinator was loaded in; refused when it is over
   * @return completes on the loop when the batch is committed; appends complete in their order.
   *     Fails with {@link io.millrace.storage.log.AppendException} when it was refused, or when
   *     leadership was lost before it was committed. When it has failed with NOT_ENOUGH_REPLICAS by
   *     the time it is returned, the log is as it was
   */
  Future<Void> append(ByteBuffer batch, int leaderEpoch);

  /** Completes on the loop when everything below {@code offset} is committed. */
  Future<Void> committed(long offset);

  /**
   * Whole batches from the one that holds {@code offset} on, copied; at least one. On a worker: may
   * wait for the disk.
   *
   * @param maxBytes bound of the batches behind the first, in bytes
   * @param end offset to read up to, exclusive
   */
  ByteBuffer read(long offset, int maxBytes, long end) throws IOException;
}
