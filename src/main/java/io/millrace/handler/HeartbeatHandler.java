package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Heartbeat (key 12), versions 0 to 4.
 *
 * <p>1: throttled after the answer. 3: group instance id (KIP-345). 4: flexible.
 */
public final class HeartbeatHandler implements ApiHandler<HeartbeatRequestData> {
  private final GroupCoordinator groups;

  public HeartbeatHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.HEARTBEAT;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, HeartbeatRequestData request) {
    return groups.heartbeat(GroupCalls.of(context), request).map(answer -> answer);
  }
}
