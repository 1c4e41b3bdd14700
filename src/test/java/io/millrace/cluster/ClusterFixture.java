package io.millrace.cluster;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.Endpoint;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * A cluster of one broker on the simulated scheduler, with its metadata in memory. Confined to: the
 * test's thread.
 */
public final class ClusterFixture {
  /** Somebody who asks. */
  public static final Caller CALLER =
      new Caller(KafkaPrincipal.ANONYMOUS, "test", InetAddress.getLoopbackAddress(), "PLAINTEXT");

  public final SimScheduler world;
  public final EventLoop control;
  public final EventLoop asker;
  public final List<byte[]> stored;
  public final MemoryMetadataLog log;
  public final List<Throwable> faults = new ArrayList<>();
  public final Cluster cluster;

  /** A new cluster with the default configuration. */
  public ClusterFixture() {
    this(Map.of(), new ArrayList<>());
  }

  /**
   * @param config keys of the broker's file
   * @param stored entries of an earlier process
   */
  public ClusterFixture(Map<String, String> config, List<byte[]> stored) {
    this.world = new SimScheduler(1);
    SimScheduler.Process process = world.process("broker");
    this.control = process.loop("control");
    this.asker = process.loop("network");
    this.stored = stored;
    this.log = new MemoryMetadataLog(control, stored);
    Uuid incarnation = new Uuid(1, stored.size());
    ClusterOptions options =
        new ClusterOptions(
            0,
            incarnation,
            null,
            true,
            List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "", 0)),
            null,
            true,
            BrokerConfig.of(config));
    this.cluster =
        ask(() -> ClusterControl.start(asker, control, options, log, ids(), faults::add));
  }

  private Supplier<Uuid> ids() {
    return () -> new Uuid(world.random().nextLong(), world.random().nextLong());
  }

  /** Asks on the network loop and runs the world until the answer is there. */
  public <T> T ask(Supplier<Future<T>> call) {
    return world.await(start(call), 10_000);
  }

  /** Asks on the network loop. */
  public <T> Future<T> start(Supplier<Future<T>> call) {
    List<Future<T>> answers = new ArrayList<>();
    io.vertx.core.Promise<T> promise = io.vertx.core.Promise.promise();
    answers.add(promise.future());
    asker.execute(() -> call.get().onComplete(promise));
    return answers.get(0);
  }

  /** Creates a topic and returns its result. */
  public CreatableTopicResult create(String name, int partitions, Map<String, String> configs) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(partitions)
            .setReplicationFactor((short) -1);
    configs.forEach(
        (key, value) ->
            topic
                .configs()
                .add(
                    new CreateTopicsRequestData.CreatableTopicConfig()
                        .setName(key)
                        .setValue(value)));
    request.topics().add(topic);
    return ask(() -> cluster.createTopics(asker, CALLER, request)).topics().find(name);
  }

  /** Asks the cluster something and returns the reply. */
  public <T> T reply(Function<Cluster, Future<T>> request) {
    return ask(() -> request.apply(cluster));
  }
}
