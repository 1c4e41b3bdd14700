package io.millrace.metadata;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The last answers that the controller gave to one process of a broker: those of the last ten
 * minutes, at most {@link #COUNT_MAX}. Immutable.
 *
 * @param incarnation the process; answers to an earlier one are forgotten
 * @param byNumber answers by the number of their request
 */
public record AnsweredRequests(Uuid incarnation, TreePMap<Long, Answer> byNumber) {

  /** How long an answer is kept, in ms of the controller's wall clock. */
  public static final long KEPT_MS = 10 * 60_000;

  /** How many answers are kept. */
  public static final int COUNT_MAX = 256;

  static final AnsweredRequests NONE = new AnsweredRequests(Uuid.ZERO_UUID, TreePMap.empty());

  /**
   * @param atMs when it was decided
   * @param reply the encoded reply
   */
  public record Answer(long atMs, byte[] reply) {}

  /** The answer to that request, or null when it was not answered or is forgotten. */
  public @Nullable Answer find(RequestId request) {
    return incarnation.equals(request.incarnation()) ? byNumber.get(request.number()) : null;
  }

  AnsweredRequests plus(RequestId request, long atMs, byte[] reply) {
    TreePMap<Long, Answer> kept =
        incarnation.equals(request.incarnation()) ? byNumber : TreePMap.empty();
    while (!kept.isEmpty()
        && (kept.size() >= COUNT_MAX || kept.firstEntry().getValue().atMs() < atMs - KEPT_MS)) {
      kept = kept.minusFirstEntry();
    }
    return new AnsweredRequests(
        request.incarnation(), kept.plus(request.number(), new Answer(atMs, reply)));
  }
}
