package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * DeleteGroups (key 42), versions 0 to 3.
 *
 * <p>1: throttled after the answer. 2: flexible. 3: error message.
 */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequestData> {
  private final GroupCoordinator groups;

  public DeleteGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_GROUPS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DeleteGroupsRequestData request) {
    return groups.delete(GroupCalls.of(context), request).map(answer -> answer);
  }
}
