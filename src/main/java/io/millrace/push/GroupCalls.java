package io.millrace.push;

import io.millrace.coordinator.CoordinatorCall;
import io.millrace.coordinator.Groups;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.BrowserClientId;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;

/**
 * The coordinator as one browser reaches it: by the door of all members, with the versions of the
 * APIs that name topics. Immutable.
 */
final class GroupCalls {
  private static final short JOIN = 9;
  private static final short SYNC = 5;
  private static final short HEARTBEAT = 4;
  private static final short LEAVE = 5;
  private static final short FETCH = 9;
  private static final short COMMIT = 9;

  private final Groups groups;
  private final EventLoop loop;
  private final Caller caller;

  GroupCalls(Groups groups, EventLoop loop, Caller session, BrowserClientId clientId) {
    this.groups = groups;
    this.loop = loop;
    this.caller =
        new Caller(session.principal(), clientId.text(), session.host(), session.listener());
  }

  private CoordinatorCall call(short version) {
    return new CoordinatorCall(loop, caller, version);
  }

  Future<JoinGroupResponseData> join(JoinGroupRequestData request) {
    return groups.join(call(JOIN), request);
  }

  Future<SyncGroupResponseData> sync(SyncGroupRequestData request) {
    return groups.sync(call(SYNC), request);
  }

  Future<HeartbeatResponseData> heartbeat(HeartbeatRequestData request) {
    return groups.heartbeat(call(HEARTBEAT), request);
  }

  Future<OffsetFetchResponseData> fetch(OffsetFetchRequestData request) {
    return groups.fetch(call(FETCH), request);
  }

  Future<OffsetCommitResponseData> commit(OffsetCommitRequestData request) {
    return groups.commit(call(COMMIT), request);
  }

  void leave(LeaveGroupRequestData request) {
    groups.leave(call(LEAVE), request);
  }
}
