package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ProducerIdBlock;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;

/**
 * Gives producer ids out of blocks that the controller grants. An id is given once; what is left of
 * a block is lost when the process ends.
 *
 * <p>Confined to: the control loop, except {@link #next}.
 */
final class ProducerIds {
  private final Cluster cluster;

  // Owner: the control loop.
  private final ArrayDeque<Promise<Long>> waiting = new ArrayDeque<>();
  private long next;
  private long end;
  private boolean asked;

  ProducerIds(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A new id. Any loop. */
  Future<Long> next(EventLoop caller) {
    return caller.ask(cluster.control(), this::take);
  }

  private Future<Long> take() {
    if (next < end) {
      return Future.succeededFuture(next++);
    }
    Promise<Long> answer = Promise.promise();
    waiting.add(answer);
    askForBlock();
    return answer.future();
  }

  private void askForBlock() {
    if (!asked) {
      asked = true;
      cluster
          .allocateProducerIds(cluster.control())
          .onSuccess(this::granted)
          .onFailure(this::refused);
    }
  }

  private void granted(ProducerIdBlock block) {
    asked = false;
    next = block.first();
    end = next + block.count();
    while (!waiting.isEmpty() && next < end) {
      waiting.poll().complete(next++);
    }
    if (!waiting.isEmpty()) {
      askForBlock();
    }
  }

  private void refused(Throwable fault) {
    asked = false;
    while (!waiting.isEmpty()) {
      waiting.poll().fail(fault);
    }
  }
}
