package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * OffsetCommit (key 8), versions 2 to 10.
 *
 * <p>4: throttled after the answer. 5: no retention time of its own any more (KIP-211). 6: leader
 * epoch (KIP-320). 7: group instance id (KIP-345). 8: flexible. 9: the generation may be a member
 * epoch (KIP-848); for classic groups it is the generation. 10: topics by id (KIP-848).
 */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequestData> {
  private final GroupCoordinator groups;

  public OffsetCommitHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_COMMIT;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, OffsetCommitRequestData request) {
    return groups.commit(GroupCalls.of(context), request).map(answer -> answer);
  }
}
