package io.millrace.coordinator;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;

/**
 * Groups as those reach them who do not look for the coordinator themselves: browsers and requests
 * over HTTP. All futures succeed, on the caller's loop; what went wrong stands in the answer.
 *
 * <p>Thread-safe.
 */
public interface Groups {

  /** JoinGroup: answered when the group's next generation begins. */
  Future<JoinGroupResponseData> join(CoordinatorCall call, JoinGroupRequestData request);

  /** SyncGroup: answered when the generation's assignment is stored. */
  Future<SyncGroupResponseData> sync(CoordinatorCall call, SyncGroupRequestData request);

  /** Heartbeat. */
  Future<HeartbeatResponseData> heartbeat(CoordinatorCall call, HeartbeatRequestData request);

  /** LeaveGroup of the members that the request names. */
  Future<LeaveGroupResponseData> leave(CoordinatorCall call, LeaveGroupRequestData request);

  /** OffsetCommit. */
  Future<OffsetCommitResponseData> commit(CoordinatorCall call, OffsetCommitRequestData request);

  /** OffsetFetch of one group, in the form of version 8 and later. */
  Future<OffsetFetchResponseData> fetch(CoordinatorCall call, OffsetFetchRequestData request);

  /**
   * All committed offsets of a group, for whoever shows them: it is his to ask who may see them.
   *
   * @param asker the loop that gets the answer
   */
  Future<OffsetFetchResponseGroup> committed(EventLoop asker, String groupId);

  /** OffsetDelete. */
  Future<OffsetDeleteResponseData> deleteOffsets(
      CoordinatorCall call, OffsetDeleteRequestData request);

  /** DeleteGroups of one group. */
  Future<DeleteGroupsResponseData> delete(CoordinatorCall call, DeleteGroupsRequestData request);
}
