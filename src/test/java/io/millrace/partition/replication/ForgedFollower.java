package io.millrace.partition.replication;

import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Somebody who says that he is that follower and has the first record. */
final class ForgedFollower {
  private final ReplicaWorld world;
  private final EventLoop loop;
  private final PeerLink link;
  private final ReplicaState identity;
  private int sessionId;
  private int sessionEpoch;

  ForgedFollower(ReplicaWorld world, int replica, long epoch) {
    this.world = world;
    SimScheduler.Process stranger = world.sim.process("stranger-" + epoch);
    loop = stranger.loop("loop");
    link = world.network.link("stranger", stranger);
    identity = new ReplicaState().setReplicaId(replica).setReplicaEpoch(epoch);
  }

  FetchResponseData fetch() {
    FetchResponseData told = world.sim.await(begin(100, true), ReplicaWorld.PATIENCE_MS);
    sessionId = told.sessionId();
    return told;
  }

  /** Asks, and names its place or not. */
  Future<FetchResponseData> begin(int maxWaitMs, boolean names) {
    FetchPartition place =
        new FetchPartition().setPartition(0).setFetchOffset(1).setPartitionMaxBytes(1000);
    FetchTopic topic =
        new FetchTopic().setTopicId(ReplicaWorld.TOPIC_ID).setPartitions(List.of(place));
    FetchRequestData request =
        new FetchRequestData()
            .setReplicaState(identity)
            .setMaxWaitMs(maxWaitMs)
            .setSessionId(sessionId)
            .setSessionEpoch(sessionEpoch++)
            .setTopics(names ? List.of(topic) : List.of());
    Promise<FetchResponseData> answer = Promise.promise();
    loop.execute(() -> send(request).onComplete(answer));
    return answer.future();
  }

  private Future<FetchResponseData> send(FetchRequestData request) {
    return link.<FetchResponseData>send(
            loop,
            world.nodes.get(1).address(),
            PeerLink.Lane.FETCH,
            ApiKeys.FETCH,
            (short) 17,
            request,
            5_000)
        .map(
            told -> {
              told.release();
              return told.message();
            });
  }
}
