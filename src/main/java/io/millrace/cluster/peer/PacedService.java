package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers a few requests at a time, in the order in which they came, and lets the others wait, so
 * that many of them hold back nothing else on the loop that answers. Those that wait are bounded by
 * the requests that connections may have unanswered.
 *
 * <p>Thread-safe; each request is given to the service on the loop that it came with.
 */
public final class PacedService implements PeerService {
  private final PeerService service;
  private final int underWayMax;
  private final AtomicInteger free;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  private record Waiting(EventLoop loop, byte[] body, Promise<byte[]> answer) {}

  /**
   * A service before which requests wait.
   *
   * @param underWayMax requests that {@code service} is given at a time
   */
  public PacedService(PeerService service, int underWayMax) {
    this.service = service;
    this.underWayMax = underWayMax;
    this.free = new AtomicInteger(underWayMax);
  }

  @Override
  public int kind() {
    return service.kind();
  }

  @Override
  public Future<byte[]> serve(EventLoop loop, byte[] body) {
    Promise<byte[]> answer = Promise.promise();
    waiting.add(new Waiting(loop, body, answer));
    next();
    return answer.future();
  }

  private void next() {
    while (takeFree()) {
      Waiting first = waiting.poll();
      if (first == null) {
        free.incrementAndGet();
        if (waiting.isEmpty()) {
          return;
        }
      } else {
        first.loop().execute(() -> begin(first));
      }
    }
  }

  private boolean takeFree() {
    return free.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  private void begin(Waiting one) {
    Future<byte[]> answer;
    try {
      answer = service.serve(one.loop(), one.body());
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onComplete(
        done -> {
          one.answer().handle(done);
          free.incrementAndGet();
          next();
        });
  }

  /** Requests that are being answered. */
  int underWay() {
    return underWayMax - free.get();
  }
}
