package io.millrace.handler;

import io.millrace.cluster.NotDecidedException;
import io.vertx.core.Future;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Turns a decision that did not come into the answer that its API has for such a case. */
final class ClusterAnswers {
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
              Errors error =
                  failure instanceof NotDecidedException notDecided
                      ? notDecided.error()
                      : Errors.UNKNOWN_SERVER_ERROR;
              return Future.succeededFuture(onError.apply(error.exception(failure.getMessage())));
            });
  }
}
