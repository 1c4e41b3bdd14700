package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.Answer;
import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers that wait until what they depend on is committed: the appends of their own step, and all
 * appends before it. Appends are numbered in their order; they commit in that order.
 *
 * <p>An answer that waited {@code timeoutMs} is given up, though its records may still commit.
 * Confined to: the shard's loop.
 */
final class ParkedAnswers {
  private final EventLoop loop;
  private final int timeoutMs;
  private final Consumer<Answer<?>> giveUp;
  private final ArrayDeque<Parked> parked = new ArrayDeque<>();
  private long appended;
  private long committed;
  private Timer.@Nullable Handle timer;

  private record Parked(long behind, long deadlineMs, List<Answer<?>> answers) {}

  /**
   * @param giveUp is handed the answers that waited too long
   */
  ParkedAnswers(EventLoop loop, int timeoutMs, Consumer<Answer<?>> giveUp) {
    this.loop = loop;
    this.timeoutMs = timeoutMs;
    this.giveUp = giveUp;
  }

  /** An append begins; gives its number. */
  long appending() {
    return ++appended;
  }

  /** The append of that number, and all before it, are committed. */
  void committed(long number) {
    committed = Math.max(committed, number);
    while (!parked.isEmpty() && parked.peek().behind <= committed) {
      parked.poll().answers.forEach(Answer::deliver);
    }
  }

  /** Gives the answers when all that was appended so far is committed. */
  void park(List<Answer<?>> answers) {
    if (answers.isEmpty()) {
      return;
    }
    if (appended <= committed) {
      answers.forEach(Answer::deliver);
      return;
    }
    parked.add(new Parked(appended, loop.clock().monotonicMs() + timeoutMs, answers));
    if (timer == null) {
      timer = loop.schedule(timeoutMs, this::look);
    }
  }

  private void look() {
    timer = null;
    long nowMs = loop.clock().monotonicMs();
    while (!parked.isEmpty() && parked.peek().deadlineMs <= nowMs) {
      parked.poll().answers.forEach(giveUp);
    }
    if (!parked.isEmpty()) {
      timer = loop.schedule(parked.peek().deadlineMs - nowMs, this::look);
    }
  }

  /** Forgets them all; who waits is answered otherwise. */
  void discard() {
    parked.clear();
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
