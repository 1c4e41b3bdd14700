package io.millrace.metadata;

import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The last answers that the controller gave to one process of a broker: those of the last ten
 * minutes, at most {@link #COUNT_MAX} and {@link #BYTES_MAX}. The bounds are part of how facts are
 * applied: every broker must have the same. Immutable.
 *
 * @param incarnation the process; answers to an earlier one are forgotten
 * @param byNumber answers by the number of their request
 * @param sizeBytes bytes of all replies
 */
public record AnsweredRequests(Uuid incarnation, TreePMap<Long, Answer> byNumber, long sizeBytes) {

  /** How long an answer is kept, in ms of the controller's wall clock. */
  public static final long KEPT_MS = 10 * 60_000;

  /**
   * How long the time between two answers counts at most, in ms: the next controller's clock may be
   * a day ahead, and what was answered a moment ago is not to be forgotten for it.
   */
  static final long STEP_MS_MAX = 60_000;

  /** How many answers are kept. */
  public static final int COUNT_MAX = 256;

  /** How many bytes of replies are kept; the newest is kept whatever its size. */
  public static final long BYTES_MAX = 256 << 10;

  static final AnsweredRequests NONE = new AnsweredRequests(Uuid.ZERO_UUID, TreePMap.empty(), 0);

  /**
   * What was answered.
   *
   * @param atMs when it was decided
   * @param reply the encoded reply
   */
  public record Answer(long atMs, Bytes reply) {
    private int sizeBytes() {
      return reply.get().length;
    }
  }

  /** The answer to that request, or null when it was not answered or is forgotten. */
  public @Nullable Answer find(RequestId request) {
    return incarnation.equals(request.incarnation()) ? byNumber.get(request.number()) : null;
  }

  /**
   * The time that an answer is stored with which is given now: that of the clock, as long as it has
   * neither jumped nor gone back since the answer before.
   *
   * @param wallMs what the controller's clock says
   */
  public long timeOfNext(long wallMs) {
    if (byNumber.isEmpty()) {
      return wallMs;
    }
    long beforeMs = byNumber.lastEntry().getValue().atMs();
    return Math.min(Math.max(wallMs, beforeMs), beforeMs + STEP_MS_MAX);
  }

  AnsweredRequests plus(RequestId request, long atMs, Bytes reply) {
    AnsweredRequests kept =
        incarnation.equals(request.incarnation())
            ? without(request.number())
            : new AnsweredRequests(request.incarnation(), TreePMap.empty(), 0);
    Answer answer = new Answer(atMs, reply);
    while (!kept.byNumber.isEmpty() && !kept.hasRoomFor(answer)) {
      kept = kept.withoutFirst();
    }
    return new AnsweredRequests(
        request.incarnation(),
        kept.byNumber.plus(request.number(), answer),
        kept.sizeBytes + answer.sizeBytes());
  }

  /** A number that is answered anew counts once. */
  private AnsweredRequests without(long number) {
    Answer before = byNumber.get(number);
    return before == null
        ? this
        : new AnsweredRequests(incarnation, byNumber.minus(number), sizeBytes - before.sizeBytes());
  }

  private boolean hasRoomFor(Answer answer) {
    return byNumber.size() < COUNT_MAX
        && sizeBytes + answer.sizeBytes() <= BYTES_MAX
        && byNumber.firstEntry().getValue().atMs() >= answer.atMs() - KEPT_MS;
  }

  private AnsweredRequests withoutFirst() {
    Map.Entry<Long, Answer> first = byNumber.firstEntry();
    return new AnsweredRequests(
        incarnation, byNumber.minusFirstEntry(), sizeBytes - first.getValue().sizeBytes());
  }

  /** Answers read back from a snapshot. */
  static AnsweredRequests of(Uuid incarnation, TreePMap<Long, Answer> byNumber) {
    long sizeBytes = byNumber.values().stream().mapToLong(Answer::sizeBytes).sum();
    return new AnsweredRequests(incarnation, byNumber, sizeBytes);
  }
}
