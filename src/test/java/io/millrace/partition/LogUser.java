package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.record.BatchBuilder;
import io.millrace.record.BatchView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who reads committed logs and writes to them, on a loop of its own in simulated time.
 *
 * <p>Confined to: the test's thread.
 */
public final class LogUser {
  /** What it reads at most. */
  public static final int READ_BYTES = 64 << 10;

  private static final long PATIENCE_MS = 20_000;

  private final SimScheduler sim;
  private final EventLoop loop;

  public LogUser(SimScheduler sim, EventLoop loop) {
    this.sim = sim;
    this.loop = loop;
  }

  /** Asks on its loop. */
  public <T> Future<T> ask(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    loop.execute(() -> question.get().onComplete(answer));
    return answer.future();
  }

  /** Asks, and lets time pass until there is an answer. */
  public <T> T answer(Supplier<Future<T>> question) {
    return sim.await(ask(question), PATIENCE_MS);
  }

  /** What a log gives from an offset on. */
  public CommittedRead read(CommittedLog log, long from) {
    return answer(() -> log.read(loop, from, READ_BYTES));
  }

  /** A batch of one record of now. */
  public ByteBuffer batch(String value) {
    BatchBuilder batch = new BatchBuilder();
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    batch.add(sim.clock().wallMs(), null, ByteBuffer.wrap(bytes), List.of());
    return batch.build();
  }

  /** Base offsets of the batches that were read. */
  public static List<Long> offsets(CommittedRead read) {
    List<Long> offsets = new ArrayList<>();
    BatchView batch = new BatchView();
    for (int at = 0; at < read.bytes().limit(); at = batch.end()) {
      offsets.add(batch.wrap(read.bytes(), at).baseOffset());
    }
    return offsets;
  }
}
