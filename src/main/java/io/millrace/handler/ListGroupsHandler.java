package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * ListGroups (key 16), versions 0 to 5.
 *
 * <p>2: throttled after the answer. 3: flexible. 4: filter by state (KIP-518). 5: filter by type
 * (KIP-848).
 */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequestData> {
  private final GroupCoordinator groups;

  public ListGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_GROUPS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ListGroupsRequestData request) {
    return groups.list(GroupCalls.of(context), request).map(answer -> answer);
  }
}
