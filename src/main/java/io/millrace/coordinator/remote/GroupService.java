package io.millrace.coordinator.remote;

import io.millrace.cluster.peer.PeerService;
import io.millrace.coordinator.CoordinatorCall;
import io.millrace.coordinator.Groups;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
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
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.Readable;

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
    GroupAsk ask = GroupAsk.decode(body);
    return answer(loop, ask).map(message -> encoded(message, ask.version()));
  }

  private Future<? extends ApiMessage> answer(EventLoop loop, GroupAsk ask) {
    CoordinatorCall call = new CoordinatorCall(loop, ask.caller(), ask.version(), ask.node());
    return switch (ask.kind()) {
      case JOIN -> here.join(call, read(ask, JoinGroupRequestData::new));
      case SYNC -> here.sync(call, read(ask, SyncGroupRequestData::new));
      case HEARTBEAT -> here.heartbeat(call, read(ask, HeartbeatRequestData::new));
      case LEAVE -> here.leave(call, read(ask, LeaveGroupRequestData::new));
      case COMMIT -> here.commit(call, read(ask, OffsetCommitRequestData::new));
      case FETCH -> here.fetch(call, read(ask, OffsetFetchRequestData::new));
      case COMMITTED -> committed(loop, read(ask, OffsetFetchRequestData::new));
      case DELETE_OFFSETS -> here.deleteOffsets(call, read(ask, OffsetDeleteRequestData::new));
      case DELETE -> here.delete(call, read(ask, DeleteGroupsRequestData::new));
    };
  }

  private interface Reader<T> {
    T read(Readable in, short version);
  }

  /**
   * @throws IllegalArgumentException when the bytes are no such message
   */
  private static <T> T read(GroupAsk ask, Reader<T> reader) {
    try {
      return reader.read(ask.reader(), ask.version());
    } catch (RuntimeException e) {
      // Kafka's messages throw whatever comes when bytes are missing or too many are announced.
      throw new IllegalArgumentException("a request to a group cannot be read: " + e, e);
    }
  }

  private Future<OffsetFetchResponseData> committed(EventLoop loop, OffsetFetchRequestData asked) {
    if (asked.groups().size() != 1) {
      throw new IllegalArgumentException(asked.groups().size() + " groups where one is asked for");
    }
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
