package io.millrace.coordinator.runtime;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.Partition;
import io.millrace.partition.Registration;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogSlice;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/** A partition that this broker leads, as the coordinator on it uses it. */
final class PartitionLog implements ShardLog {
  /** Answers have a limit of their own; the append itself waits as long as leadership lasts. */
  private static final int NO_TIMEOUT_MS = Integer.MAX_VALUE;

  private final Partition partition;

  PartitionLog(Partition partition) {
    this.partition = partition;
  }

  Partition partition() {
    return partition;
  }

  @Override
  public String name() {
    return partition.toString();
  }

  @Override
  public EventLoop loop() {
    return partition.shard();
  }

  @Override
  public boolean isLedForSure() {
    return partition.holdsLease();
  }

  @Override
  public int maxBatchBytes() {
    return partition.config().maxMessageBytes();
  }

  @Override
  public long startOffset() {
    return partition.view().logStartOffset();
  }

  @Override
  public Future<Long> settled() {
    Errors problem = partition.checkLeader(-1);
    if (problem != Errors.NONE) {
      return Future.failedFuture(new AppendException(problem, problem.message()));
    }
    if (partition.isSettled()) {
      return Future.succeededFuture(partition.view().logEndOffset());
    }
    Promise<Long> settled = Promise.promise();
    // What is appended is written when the batch of steps ends, by a hook before this one.
    loop()
        .atBatchEnd(
            () -> {
              if (partition.isSettled()) {
                settled.complete(partition.view().logEndOffset());
              } else {
                settled.fail(new IOException("what was appended to " + name() + " is not written"));
              }
            });
    return settled.future();
  }

  @Override
  public Future<Void> append(ByteBuffer batch, int leaderEpoch) {
    return partition.appendAsCoordinator(batch, leaderEpoch, NO_TIMEOUT_MS, () -> {}).mapEmpty();
  }

  @Override
  public Future<Void> committed(long offset) {
    if (partition.view().highWatermark() >= offset) {
      return Future.succeededFuture();
    }
    Promise<Void> committed = Promise.promise();
    Registration[] watch = new Registration[1];
    watch[0] =
        partition.onHighWatermark(
            highWatermark -> {
              if (highWatermark >= offset && committed.tryComplete()) {
                loop().execute(() -> watch[0].cancel());
              }
            });
    return committed.future();
  }

  @Override
  public ByteBuffer read(long offset, int maxBytes, long end) throws IOException {
    try {
      LogSlice slice = partition.view().read(offset, maxBytes, end, true);
      if (slice == null) {
        throw new IOException(name() + " does not have offset " + offset + " any more");
      }
      try {
        return slice.read();
      } finally {
        slice.release();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
