package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** OffsetDelete (key 47), version 0 (KIP-496). */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequestData> {
  private final GroupCoordinator groups;

  public OffsetDeleteHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_DELETE;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, OffsetDeleteRequestData request) {
    return groups.deleteOffsets(GroupCalls.of(context), request).map(answer -> answer);
  }
}
