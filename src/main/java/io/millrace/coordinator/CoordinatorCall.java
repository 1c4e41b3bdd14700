package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupCall;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;

/**
 * Who calls a door.
 *
 * @param loop the loop that asks, and gets the answer
 * @param caller principal, client id, host and listener
 * @param version version of the API that the caller speaks; the newest for callers inside
 * @param node id of the broker that the caller is connected to; {@link GroupCall#HERE} for this one
 */
public record CoordinatorCall(EventLoop loop, Caller caller, short version, int node) {

  /** A caller who is connected to this broker. */
  public CoordinatorCall(EventLoop loop, Caller caller, short version) {
    this(loop, caller, version, GroupCall.HERE);
  }

  /** What the state machine has to know of it. */
  GroupCall toGroupCall() {
    return new GroupCall(caller.clientId(), "/" + caller.host().getHostAddress(), version, node);
  }
}
