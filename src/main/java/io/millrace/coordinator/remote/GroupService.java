package io.millrace.coordinator.remote;

import io.millrace.cluster.peer.PeerService;
import io.millrace.coordinator.CoordinatorCall;
import io.millrace.coordinator.Groups;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;

/**
 * Answers requests to groups that other brokers pass on. It asks the coordinator of this broker
 * alone: a request that came to the wrong one is answered NOT_COORDINATOR, not passed on again.
 *
 * <p>Thread-safe.
 */
public final class GroupService implements PeerService {
  private final Groups here;

  /**
   * @param here the coordinator of this broker
   */
  public GroupService(Groups here) {
    this.here = here;
  }

  @Override
  public int kind() {
    return GROUP;
  }

  @Override
  public Future<byte[]> serve(EventLoop loop, byte[] body) {
    GroupAsk ask;
    try {
      ask = GroupAsk.decode(body);
      return answer(loop, ask).map(message -> encoded(message, ask.version()));
    } catch (IllegalArgumentException | UnsupportedVersionException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<? extends ApiMessage> answer(EventLoop loop, GroupAsk ask) {
    CoordinatorCall call = new CoordinatorCall(loop, ask.caller(), ask.version(), ask.node());
    ByteBufferAccessor in = ask.reader();
    short version = ask.version();
    return switch (ask.kind()) {
      case JOIN -> here.join(call, new JoinGroupRequestData(in, version));
      case SYNC -> here.sync(call, new SyncGroupRequestData(in, version));
      case HEARTBEAT -> here.heartbeat(call, new HeartbeatRequestData(in, version));
      case LEAVE -> here.leave(call, new LeaveGroupRequestData(in, version));
      case COMMIT -> here.commit(call, new OffsetCommitRequestData(in, version));
      case FETCH -> here.fetch(call, new OffsetFetchRequestData(in, version));
      case COMMITTED -> committed(loop, new OffsetFetchRequestData(in, version));
      case DELETE_OFFSETS -> here.deleteOffsets(call, new OffsetDeleteRequestData(in, version));
      case DELETE -> here.delete(call, new DeleteGroupsRequestData(in, version));
    };
  }

  private Future<OffsetFetchResponseData> committed(EventLoop loop, OffsetFetchRequestData asked) {
    return here.committed(loop, asked.groups().get(0).groupId())
        .map(
            group -> {
              OffsetFetchResponseData answer = new OffsetFetchResponseData();
              answer.groups().add(group);
              return answer;
            });
  }

  private static byte[] encoded(Message message, short version) {
    ByteBuffer bytes = GroupAsk.bytes((ApiMessage) message, version);
    byte[] body = new byte[bytes.remaining()];
    bytes.get(body);
    return body;
  }
}
