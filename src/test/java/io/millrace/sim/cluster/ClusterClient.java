package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A client on a machine of its own: connections to the brokers, and what it knows of leaders. What
 * was not answered in time, or on a connection that broke, may have been done.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterClient {
  static final int REQUEST_TIMEOUT_MS = 4_000;
  static final int CLIENT_PORT = 9092;

  /** Who leads a partition, as far as a client knows. */
  record Leader(int brokerId, int epoch) {}

  private final ClusterWorld world;
  private final EventLoop loop;
  private final SimPeerLink link;
  private final Map<String, Leader> leaders = new HashMap<>();

  /**
   * As clients do since KIP-320: who leads in an earlier epoch than one seen is believed no more.
   */
  private final Map<String, Integer> newest = new HashMap<>();

  private boolean refreshing;

  ClusterClient(ClusterWorld world, String name) {
    this.world = world;
    var process = world.sim.process(name);
    this.loop = process.loop("loop");
    this.link = world.network.link(name, process);
  }

  static PeerAddress address(int brokerId) {
    return new PeerAddress(ClusterWorld.host(brokerId), CLIENT_PORT);
  }

  /** Asks a broker; fails with a fault when no answer came. */
  <R extends ApiMessage> Future<R> call(
      int brokerId, ApiKeys api, int version, ApiMessage request) {
    Promise<R> answer = Promise.promise();
    loop.execute(
        () ->
            link.<R>send(
                    loop,
                    address(brokerId),
                    PeerLink.Lane.CLIENT,
                    api,
                    (short) version,
                    request,
                    REQUEST_TIMEOUT_MS)
                .map(PeerAnswer::message)
                .onComplete(answer));
    return answer.future();
  }

  /** The leader of a partition; null when none is known, and then somebody is asked. */
  @org.jspecify.annotations.Nullable
  Leader leader(String topic, int partition) {
    Leader known = leaders.get(topic + "-" + partition);
    if (known == null) {
      refresh(topic);
    }
    return known;
  }

  /** A leader was not the leader: forget it. */
  void forget(String topic, int partition) {
    leaders.remove(topic + "-" + partition);
  }

  private void refresh(String topic) {
    if (refreshing) {
      return;
    }
    refreshing = true;
    metadata(List.of(topic))
        .onComplete(
            done -> {
              refreshing = false;
              if (done.succeeded()) {
                done.result().topics().forEach(this::learn);
              }
            });
  }

  private void learn(MetadataResponseTopic topic) {
    topic
        .partitions()
        .forEach(
            partition -> {
              String name = topic.name() + "-" + partition.partitionIndex();
              int epoch = partition.leaderEpoch();
              if (newest.merge(name, epoch, Math::max) == epoch && partition.leaderId() >= 0) {
                leaders.put(name, new Leader(partition.leaderId(), epoch));
              }
            });
  }

  /** Metadata of topics, from any broker. */
  Future<MetadataResponseData> metadata(List<String> topics) {
    MetadataRequestData request =
        new MetadataRequestData()
            .setAllowAutoTopicCreation(false)
            .setTopics(
                topics.stream()
                    .map(name -> new MetadataRequestTopic().setName(name))
                    .collect(Collectors.toList()));
    return call(anyBroker(), ApiKeys.METADATA, 9, request);
  }

  /** The id of any broker, whether it lives or not. */
  int anyBroker() {
    return world.random.nextInt(world.brokerCount());
  }

  /** Asks again and again, anywhere, until an answer satisfies; for the end of a schedule. */
  <R extends ApiMessage> void until(
      ApiKeys api, int version, ApiMessage request, Consumer<R> taker) {
    this.<R>call(anyBroker(), api, version, request)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                taker.accept(done.result());
              }
            });
  }
}
