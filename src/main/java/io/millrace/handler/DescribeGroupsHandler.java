package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * DescribeGroups (key 15), versions 0 to 6.
 *
 * <p>2: throttled after the answer. 3: authorized operations (KIP-430). 4: group instance id
 * (KIP-345). 5: flexible. 6: an error for a group that is not there.
 */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequestData> {
  private final GroupCoordinator groups;

  public DescribeGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_GROUPS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeGroupsRequestData request) {
    return groups.describe(GroupCalls.of(context), request).map(answer -> answer);
  }
}
