package io.millrace.partition.remote;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks again while the answer is an error that passes: a leader is being elected, or the image here
 * is older than the leader's. Confined to: the loop that asks.
 *
 * @param <T> the answer
 */
final class Patience<T> {
  /** How long an error that passes is waited out, in ms. */
  static final int LIMIT_MS = 5_000;

  private static final int PAUSE_MS_MIN = 10;
  private static final int PAUSE_MS_MAX = 100;

  private final EventLoop loop;
  private final Supplier<Future<T>> question;
  private final Function<T, Boolean> isPassing;
  private final long untilMs;
  private final Promise<T> answer = Promise.promise();
  private int pauseMs = PAUSE_MS_MIN;

  private Patience(
      EventLoop loop, Supplier<Future<T>> question, Function<T, Boolean> isPassing, int limitMs) {
    this.loop = loop;
    this.question = question;
    this.isPassing = isPassing;
    this.untilMs = loop.clock().monotonicMs() + limitMs;
  }

  /** Whether the same question may have another answer soon, without anybody's doing. */
  static boolean isPassing(Errors error) {
    return switch (error) {
      case NOT_LEADER_OR_FOLLOWER,
          LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          OFFSET_NOT_AVAILABLE,
          UNKNOWN_TOPIC_ID,
          NETWORK_EXCEPTION ->
          true;
      default -> false;
    };
  }

  /**
   * Asks until the answer is one that stays; after {@code limitMs} whatever it is then. An answer
   * that is there at once is given at once.
   */
  static <T> Future<T> ask(
      EventLoop loop, Supplier<Future<T>> question, Function<T, Boolean> isPassing, int limitMs) {
    Future<T> first = question.get();
    if (first.isComplete() && (first.failed() || !isPassing.apply(first.result()))) {
      return first;
    }
    Patience<T> patience = new Patience<>(loop, question, isPassing, limitMs);
    patience.take(first);
    return patience.answer.future();
  }

  private void take(Future<T> asked) {
    asked.onComplete(
        done -> {
          if (done.failed()) {
            answer.fail(done.cause());
          } else if (!isPassing.apply(done.result()) || loop.clock().monotonicMs() >= untilMs) {
            answer.complete(done.result());
          } else {
            loop.schedule(pauseMs, () -> take(question.get()));
            pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
          }
        });
  }
}
