package io.millrace.partition.replication;

import io.millrace.cluster.peer.PeerAnswer;
import java.util.ArrayDeque;
import org.apache.kafka.common.message.FetchResponseData;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a session that are under way. Their answers are taken in the order in which they
 * were asked, for each goes on where the one before ended.
 *
 * <p>Confined to: the loop of the fetcher.
 */
final class SentFetches {
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private long numbers;

  /** One request. */
  static final class Sent {
    private final long number;
    private final long atMs;
    private @Nullable PeerAnswer<FetchResponseData> answer;

    Sent(long number, long atMs) {
      this.number = number;
      this.atMs = atMs;
    }

    /** Grows from request to request. */
    long number() {
      return number;
    }

    /** When it was sent, in ms. */
    long atMs() {
      return atMs;
    }

    /** The answer, which was set. */
    PeerAnswer<FetchResponseData> answer() {
      PeerAnswer<FetchResponseData> set = answer;
      if (set == null) {
        throw new IllegalStateException("a fetch was not answered");
      }
      return set;
    }
  }

  /** Requests that were not answered, or whose answers wait for others. */
  int size() {
    return sent.size();
  }

  /** Number of the next request. */
  long nextNumber() {
    return numbers;
  }

  /** A request is sent. */
  Sent add(long nowMs) {
    Sent next = new Sent(numbers++, nowMs);
    sent.add(next);
    return next;
  }

  /** A request was answered. */
  void answered(Sent request, PeerAnswer<FetchResponseData> answer) {
    request.answer = answer;
  }

  /** The next answer in order; null while that one has not come. */
  @Nullable Sent poll() {
    Sent first = sent.peek();
    return first == null || first.answer == null ? null : sent.poll();
  }

  /** Waits for none of them any more. */
  void clear() {
    for (Sent each : sent) {
      PeerAnswer<FetchResponseData> answer = each.answer;
      if (answer != null) {
        answer.release();
      }
    }
    sent.clear();
  }
}
