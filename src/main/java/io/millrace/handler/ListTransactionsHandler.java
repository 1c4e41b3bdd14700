package io.millrace.handler;

import io.vertx.core.Future;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ListTransactions (66): the transactional ids that a coordinator knows (KIP-664).
 *
 * <ul>
 *   <li>1: only those that run for longer than a duration. 2: only those that match a pattern.
 * </ul>
 *
 * <p>There are none: InitProducerId with a transactional id is refused.
 *
 * <p>Stateless.
 */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequestData> {
  /** The states of a transaction, as filters name them: to the letter. */
  private static final Set<String> STATES =
      Set.of(
          "Empty",
          "Ongoing",
          "PrepareCommit",
          "PrepareAbort",
          "CompleteCommit",
          "CompleteAbort",
          "Dead",
          "PrepareEpochFence");

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ListTransactionsRequestData request) {
    if (!isPattern(request.transactionalIdPattern())) {
      return Future.succeededFuture(
          new ListTransactionsResponseData()
              .setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code()));
    }
    return Future.succeededFuture(
        new ListTransactionsResponseData()
            .setUnknownStateFilters(
                request.stateFilters().stream().filter(state -> !STATES.contains(state)).toList()));
  }

  private static boolean isPattern(@Nullable String pattern) {
    try {
      Pattern.compile(pattern == null ? "" : pattern);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
