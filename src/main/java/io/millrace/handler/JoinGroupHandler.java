package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * JoinGroup (key 11), versions 0 to 9.
 *
 * <p>1: rebalance timeout apart from the session timeout (KIP-62). 2: throttled after the answer.
 * 4: the member id is given out first (KIP-394). 5: group instance id (KIP-345). 6: flexible. 7:
 * protocol type, and a null protocol name on errors (KIP-559). 8: reason (KIP-800). 9: a static
 * leader that comes back skips the assignment (KIP-814).
 */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequestData> {
  private static final short VERSION_REBALANCE_TIMEOUT = 1;
  private static final short VERSION_NULL_PROTOCOL = 7;

  private final GroupCoordinator groups;

  public JoinGroupHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.JOIN_GROUP;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, JoinGroupRequestData request) {
    if (context.version() < VERSION_REBALANCE_TIMEOUT) {
      request.setRebalanceTimeoutMs(request.sessionTimeoutMs());
    }
    return groups
        .join(GroupCalls.of(context), request)
        .map(answer -> shaped(answer, context.version()));
  }

  private static ApiMessage shaped(JoinGroupResponseData answer, short version) {
    if (version >= VERSION_NULL_PROTOCOL && answer.protocolName().isEmpty()) {
      answer.setProtocolName(null);
    }
    return answer;
  }
}
