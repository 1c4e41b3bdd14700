package io.millrace.coordinator.group;

import io.millrace.coordinator.group.ShardBench.Inbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A shard with classic groups, and what its answers say. Confined to: the test's thread. */
abstract class ClassicGroupFixture {
  final ShardBench bench = new ShardBench();

  static Errors error(Inbox<?> inbox) {
    Object answer = inbox.get();
    if (answer instanceof JoinGroupResponseData join) {
      return Errors.forCode(join.errorCode());
    }
    if (answer instanceof SyncGroupResponseData sync) {
      return Errors.forCode(sync.errorCode());
    }
    if (answer instanceof LeaveGroupResponseData leave) {
      return Errors.forCode(leave.members().get(0).errorCode());
    }
    return Errors.forCode(
        ((org.apache.kafka.common.message.HeartbeatResponseData) answer).errorCode());
  }

  static String text(SyncGroupResponseData answer) {
    return new String(answer.assignment(), StandardCharsets.UTF_8);
  }

  /** Two members with their assignments; the leader first. */
  List<String> stablePair() {
    String leader = bench.stableLoner().memberId();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    Inbox<JoinGroupResponseData> first = bench.join(leader);
    String follower = second.get().memberId();
    bench.sync(leader, first.get().generationId(), leader, follower);
    bench.sync(follower, first.get().generationId());
    return List.of(leader, follower);
  }
}
