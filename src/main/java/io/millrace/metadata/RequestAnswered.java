package io.millrace.metadata;

import org.apache.kafka.common.utils.Bytes;

/**
 * The result of a request, decided in the same entry as the facts that it caused.
 *
 * @param request the request
 * @param atMs {@link AnsweredRequests#timeOfNext} of the decision; results are kept for ten minutes
 *     from it
 * @param reply the reply, encoded by whoever decided
 */
public record RequestAnswered(RequestId request, long atMs, Bytes reply) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    return image.withAnswers(
        request.brokerId(), image.answers(request.brokerId()).plus(request, atMs, reply));
  }
}
