package io.millrace.coordinator.runtime;

import io.millrace.eventloop.EventLoop;
import io.millrace.record.BatchView;
import io.millrace.storage.log.AppendException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;

/**
 * A replicated log in memory, led by one broker at a time. What was appended commits after a random
 * time; when leadership moves, what was not committed may be kept or lost. Confined to: the test's
 * thread.
 */
final class MemoryLog {
  private record Batch(long baseOffset, byte[] bytes) {}

  private record Pending(long endOffset, Promise<Void> committed) {}

  private final Random random;
  private final List<Batch> batches = new ArrayList<>();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private long end;
  private long highWatermark;
  private int leaderEpoch;

  /** One in so many appends is refused; 0: none. */
  int refusesOneIn;

  /** Whether commits are held back. */
  boolean stalled;

  /** Whether nobody else can lead yet. */
  boolean ledForSure = true;

  int commitDelayMaxMs = 5;
  int reads;

  MemoryLog(Random random) {
    this.random = random;
  }

  /** The log as a broker with that loop sees it. */
  ShardLog replica(EventLoop loop) {
    return new Replica(loop);
  }

  long end() {
    return end;
  }

  long highWatermark() {
    return highWatermark;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  /** All batches up to the high watermark. */
  List<ByteBuffer> committedBatches() {
    return batches.stream()
        .filter(batch -> batch.baseOffset < highWatermark)
        .map(batch -> ByteBuffer.wrap(batch.bytes))
        .toList();
  }

  /** Another leads: an uncommitted rest is cut at a random batch. Gives the new epoch. */
  int moveLeadership() {
    leaderEpoch++;
    pending.forEach(p -> p.committed.tryFail(refusal(Errors.NOT_LEADER_OR_FOLLOWER)));
    pending.clear();
    while (end > highWatermark && random.nextBoolean()) {
      end = batches.remove(batches.size() - 1).baseOffset;
    }
    // The new leader brings the rest to all replicas.
    highWatermark = end;
    return leaderEpoch;
  }

  /** Commits everything now. */
  void commitAll() {
    commit(end);
  }

  private void commit(long upTo) {
    highWatermark = Math.max(highWatermark, Math.min(upTo, end));
    while (!pending.isEmpty() && pending.peek().endOffset <= highWatermark) {
      pending.poll().committed.tryComplete();
    }
  }

  private static AppendException refusal(Errors error) {
    return new AppendException(error, error.message());
  }

  private final class Replica implements ShardLog {
    private final EventLoop loop;

    Replica(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public String name() {
      return "memory";
    }

    @Override
    public EventLoop loop() {
      return loop;
    }

    @Override
    public int maxBatchBytes() {
      return Integer.MAX_VALUE;
    }

    @Override
    public boolean isLedForSure() {
      return ledForSure;
    }

    @Override
    public long startOffset() {
      return 0;
    }

    @Override
    public Future<Long> settled() {
      return Future.succeededFuture(end);
    }

    @Override
    public Future<Void> append(ByteBuffer batch, int epoch) {
      loop.assertOwner();
      if (epoch != leaderEpoch) {
        return Future.failedFuture(refusal(Errors.NOT_LEADER_OR_FOLLOWER));
      }
      if (refusesOneIn > 0 && random.nextInt(refusesOneIn) == 0) {
        return Future.failedFuture(refusal(Errors.NOT_ENOUGH_REPLICAS));
      }
      BatchView view = new BatchView().wrap(batch, batch.position());
      view.setBaseOffset(end);
      byte[] bytes = new byte[batch.remaining()];
      batch.get(batch.position(), bytes);
      batches.add(new Batch(end, bytes));
      end = view.nextOffset();
      Pending waiting = new Pending(end, Promise.promise());
      pending.add(waiting);
      if (!stalled) {
        commitLater(end, epoch);
      }
      return waiting.committed.future();
    }

    private void commitLater(long upTo, int epoch) {
      loop.schedule(
          random.nextInt(commitDelayMaxMs + 1),
          () -> {
            if (epoch == leaderEpoch && !stalled) {
              commit(upTo);
            }
          });
    }

    @Override
    public Future<Void> committed(long offset) {
      if (offset <= highWatermark) {
        return Future.succeededFuture();
      }
      Pending waiting = new Pending(offset, Promise.promise());
      pending.addFirst(waiting);
      return waiting.committed.future();
    }

    @Override
    public ByteBuffer read(long offset, int maxBytes, long upTo) throws IOException {
      reads++;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Batch batch : batches) {
        boolean wanted = batch.baseOffset >= offset && batch.baseOffset < upTo;
        boolean fits = out.size() == 0 || out.size() + batch.bytes.length <= maxBytes;
        if (wanted && !fits) {
          break;
        }
        if (wanted) {
          out.write(batch.bytes);
        }
      }
      return ByteBuffer.wrap(out.toByteArray());
    }
  }
}
