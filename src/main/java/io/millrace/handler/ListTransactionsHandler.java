package io.millrace.handler;

import io.vertx.core.Future;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

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
  /** The states of a transaction, as filters name them. */
  private static final Set<String> STATES =
      Set.of(
          "empty",
          "ongoing",
          "preparecommit",
          "prepareabort",
          "completecommit",
          "completeabort",
          "dead",
          "prepareepochfence");

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ListTransactionsRequestData request) {
    return Future.succeededFuture(
        new ListTransactionsResponseData()
            .setUnknownStateFilters(
                request.stateFilters().stream()
                    .filter(state -> !STATES.contains(state.toLowerCase(Locale.ROOT)))
                    .toList()));
  }
}
