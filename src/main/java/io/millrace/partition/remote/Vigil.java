package io.millrace.partition.remote;

import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Waits for an answer that may rightly be long in coming, as that of an append which replicas have
 * to confirm, but not for a leader that answers nothing at all: now and then it is asked something
 * small, and is given up when it leaves that unanswered. Confined to: the loop that asks.
 *
 * @param <T> the answer
 */
final class Vigil<T> {
  /** How long a leader is left alone before it is asked for a sign of life, in ms. */
  static final int EVERY_MS = 3_000;

  private final EventLoop loop;
  private final Supplier<Future<Boolean>> sign;
  private final T silent;
  private final Promise<T> answer = Promise.promise();
  private Timer.Handle next;

  private Vigil(EventLoop loop, Supplier<Future<Boolean>> sign, T silent) {
    this.loop = loop;
    this.sign = sign;
    this.silent = silent;
    this.next = loop.schedule(EVERY_MS, this::ask);
  }

  /**
   * Waits for {@code asked}.
   *
   * @param sign asks for a sign of life; false when there was none
   * @param silent what is answered when there was none; what {@code asked} brings then is dropped
   */
  static <T> Future<T> keep(
      EventLoop loop, Future<T> asked, Supplier<Future<Boolean>> sign, T silent) {
    if (asked.isComplete()) {
      return asked;
    }
    Vigil<T> vigil = new Vigil<>(loop, sign, silent);
    asked.onComplete(
        done -> {
          vigil.next.cancel();
          if (done.succeeded()) {
            vigil.answer.tryComplete(done.result());
          } else {
            vigil.answer.tryFail(done.cause());
          }
        });
    return vigil.answer.future();
  }

  private void ask() {
    sign.get()
        .onComplete(
            heard -> {
              if (heard.succeeded() && !heard.result()) {
                answer.tryComplete(silent);
              } else if (!answer.future().isComplete()) {
                next = loop.schedule(EVERY_MS, this::ask);
              }
            });
  }
}
