package io.millrace.handler;

import io.millrace.cluster.NotDecidedException;
import io.vertx.core.Future;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a decision that did not come into the answer that its API has for such a case. */
final class ClusterAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterAnswers.class);

  private ClusterAnswers() {}

  /**
   * The answer, or when the cluster gave none, what {@code onError} makes of the exception that
   * stands for the error.
   */
  static Future<ApiMessage> orError(
      Future<? extends ApiMessage> answer, Function<ApiException, ApiMessage> onError) {
    return answer
        .<ApiMessage>map(given -> given)
        .recover(
            failure -> {
              if (failure instanceof NotDecidedException notDecided) {
                return Future.succeededFuture(
                    onError.apply(notDecided.error().exception(failure.getMessage())));
              }
              LOG.error("a decision of the cluster failed", failure);
              return Future.succeededFuture(onError.apply(Errors.UNKNOWN_SERVER_ERROR.exception()));
            });
  }
}
