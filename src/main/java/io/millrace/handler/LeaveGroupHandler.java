package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * LeaveGroup (key 13), versions 0 to 5.
 *
 * <p>1: throttled after the answer. 3: several members, by member id or group instance id, each
 * with a result (KIP-345). 4: flexible. 5: reason (KIP-800).
 */
public final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequestData> {
  private static final short VERSION_MEMBERS = 3;

  private final GroupCoordinator groups;

  public LeaveGroupHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LEAVE_GROUP;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, LeaveGroupRequestData request) {
    boolean several = context.version() >= VERSION_MEMBERS;
    List<MemberIdentity> leaving =
        several ? request.members() : List.of(new MemberIdentity().setMemberId(request.memberId()));
    return groups
        .leave(GroupCalls.of(context), request, leaving)
        .map(answer -> several ? answer : single(answer));
  }

  /** The result of the only member is that of the request. */
  private static ApiMessage single(LeaveGroupResponseData answer) {
    if (answer.errorCode() == Errors.NONE.code() && !answer.members().isEmpty()) {
      answer.setErrorCode(answer.members().get(0).errorCode());
    }
    return answer.setMembers(List.of());
  }
}
