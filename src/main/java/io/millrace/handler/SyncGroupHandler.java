package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * SyncGroup (key 14), versions 0 to 5.
 *
 * <p>1: throttled after the answer. 3: group instance id (KIP-345). 4: flexible. 5: protocol type
 * and name, which must be there (KIP-559).
 */
public final class SyncGroupHandler implements ApiHandler<SyncGroupRequestData> {
  private static final short VERSION_PROTOCOL = 5;

  private final GroupCoordinator groups;

  public SyncGroupHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.SYNC_GROUP;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, SyncGroupRequestData request) {
    boolean lacksProtocol = request.protocolType() == null || request.protocolName() == null;
    if (context.version() >= VERSION_PROTOCOL && lacksProtocol) {
      return Future.succeededFuture(
          new SyncGroupResponseData().setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code()));
    }
    return groups.sync(GroupCalls.of(context), request).map(answer -> answer);
  }
}
