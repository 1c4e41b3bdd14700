package io.millrace.handler;

import io.millrace.coordinator.CoordinatorCall;

/** The caller of a request, as the coordinators' doors know callers. */
final class GroupCalls {
  private GroupCalls() {}

  static CoordinatorCall of(RequestContext context) {
    return new CoordinatorCall(context.loop(), context.caller(), context.version());
  }
}
