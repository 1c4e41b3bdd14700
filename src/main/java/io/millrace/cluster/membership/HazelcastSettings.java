package io.millrace.cluster.membership;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How Hazelcast is set up: one interface, a list of peers, few threads, short waits. Stateless. */
final class HazelcastSettings {
  /** Prefix of the names of maps that carry shared values. */
  static final String SPACE_PREFIX = "millrace.";

  private static final String LOGGING = "hazelcast.logging.type";

  /** After how long a silent member is taken for gone. */
  private static final int SILENCE_SECONDS = 5;

  /** Shared values that nobody refreshes vanish. */
  static final int VALUE_LIFE_SECONDS = 300;

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          // Nothing is told to the makers, and nothing is opened on other interfaces.
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.socket.bind.any", "false"),
          Map.entry("hazelcast.socket.server.bind.any", "false"),
          Map.entry("hazelcast.socket.client.bind.any", "false"),
          Map.entry("hazelcast.prefer.ipv4.stack", "false"),
          // Waits: those at start, and how silence is noticed.
          Map.entry("hazelcast.wait.seconds.before.join", "1"),
          Map.entry("hazelcast.max.wait.seconds.before.join", "3"),
          Map.entry("hazelcast.tcp.join.port.try.count", "1"),
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "" + SILENCE_SECONDS),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.socket.connect.timeout.seconds", "2"),
          Map.entry("hazelcast.connection.monitor.interval", "50"),
          Map.entry("hazelcast.connection.monitor.max.faults", "1"),
          Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "2"),
          // Threads and partitions: a few kilobytes per group are shared, no more.
          Map.entry("hazelcast.partition.count", "31"),
          Map.entry("hazelcast.io.thread.count", "1"),
          Map.entry("hazelcast.operation.thread.count", "2"),
          Map.entry("hazelcast.operation.generic.thread.count", "2"),
          Map.entry("hazelcast.operation.priority.generic.thread.count", "1"),
          Map.entry("hazelcast.operation.response.thread.count", "1"),
          Map.entry("hazelcast.event.thread.count", "1"),
          Map.entry("hazelcast.event.queue.capacity", "100000"),
          Map.entry("hazelcast.clientengine.thread.count", "1"),
          Map.entry("hazelcast.clientengine.query.thread.count", "1"),
          Map.entry("hazelcast.clientengine.blocking.thread.count", "1"),
          Map.entry("hazelcast.mc.executor.thread.count", "1"),
          // Who stops the broker stops this too.
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry(LOGGING, "slf4j"),
          Map.entry("hazelcast.logging.details.enabled", "false"),
          Map.entry("hazelcast.health.monitoring.level", "OFF"),
          Map.entry("hazelcast.slow.operation.detector.enabled", "false"),
          Map.entry("hazelcast.jmx", "false"),
          Map.entry("hazelcast.metrics.enabled", "false"));

  /**
   * What may be deserialised by Java: the faults that members answer each other with. All that we
   * share are strings and byte arrays, which need none of it.
   */
  private static final Set<String> FAULT_PARTS =
      Set.of(
          "java.lang.StackTraceElement",
          "[Ljava.lang.StackTraceElement;",
          "java.util.CollSer",
          "java.util.Collections$EmptyList",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.ArrayList",
          "java.lang.Throwable",
          "java.lang.Exception",
          "java.lang.RuntimeException",
          "java.lang.Error",
          "java.lang.VirtualMachineError",
          "java.lang.OutOfMemoryError",
          "java.lang.StackOverflowError",
          "java.lang.LinkageError",
          "java.lang.NoClassDefFoundError",
          "java.lang.ArrayIndexOutOfBoundsException",
          "java.lang.ClassCastException",
          "java.lang.IllegalArgumentException",
          "java.lang.IllegalStateException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.InterruptedException",
          "java.lang.NullPointerException",
          "java.lang.UnsupportedOperationException",
          "java.io.EOFException",
          "java.io.IOException",
          "java.net.SocketException",
          "java.util.ConcurrentModificationException",
          "java.util.NoSuchElementException",
          "java.util.concurrent.CancellationException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException",
          "java.util.concurrent.RejectedExecutionException",
          "java.util.concurrent.TimeoutException",
          "com.hazelcast.core.ConsistencyLostException",
          "com.hazelcast.core.IndeterminateOperationStateException",
          "com.hazelcast.core.LocalMemberResetException",
          "com.hazelcast.core.MemberLeftException",
          "com.hazelcast.core.OperationTimeoutException",
          "com.hazelcast.core.RuntimeInterruptedException",
          "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
          "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
          "com.hazelcast.internal.cluster.impl.VersionMismatchException",
          "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
          "com.hazelcast.map.ReachedMaxSizeException",
          "com.hazelcast.nio.serialization.HazelcastSerializationException",
          "com.hazelcast.partition.NoDataMemberInClusterException",
          "com.hazelcast.version.MemberVersion");

  static {
    // Its first words are said before it has read a configuration.
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "slf4j");
    }
  }

  private HazelcastSettings() {}

  /**
   * The set-up of one start.
   *
   * @param bound address that the host of the options stands for
   * @param peers host:port of the other members' ports
   */
  static Config of(MembershipOptions options, String bound, Collection<String> peers) {
    Config config = new Config();
    config.setClusterName("millrace-" + options.clusterId());
    config.setInstanceName(options.clusterId() + "/" + options.self().peer());
    PROPERTIES.forEach(config::setProperty);
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getIntegrityCheckerConfig().setEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(onlyFaults());
    network(config, options, bound, peers);
    MemberCard.write(options.self(), config.getMemberAttributeConfig());
    maps(config);
    return config;
  }

  /** Members alone are served: without an endpoint for them, Hazelcast's clients are refused. */
  private static void network(
      Config config, MembershipOptions options, String bound, Collection<String> peers) {
    JoinConfig join = new JoinConfig();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setConnectionTimeoutSeconds(2)
        .setMembers(List.copyOf(peers));
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint
        .setPort(options.memberPort())
        .setPortAutoIncrement(false)
        .setReuseAddress(true)
        .setPublicAddress(bound + ":" + options.memberPort());
    endpoint.getInterfaces().setEnabled(true).addInterface(bound);
    config
        .getAdvancedNetworkConfig()
        .setEnabled(true)
        .setJoin(join)
        .setMemberEndpointConfig(endpoint);
  }

  private static JavaSerializationFilterConfig onlyFaults() {
    ClassFilter allowed = new ClassFilter();
    allowed.setClasses(FAULT_PARTS);
    allowed.addPrefixes("com.hazelcast.spi.exception.", "com.hazelcast.core.Hazelcast");
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed);
  }

  private static void maps(Config config) {
    // The first three are those that the Vert.x cluster manager expects.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    config.addMapConfig(
        new MapConfig(SPACE_PREFIX + "*")
            .setBackupCount(1)
            .setTimeToLiveSeconds(VALUE_LIFE_SECONDS)
            .setEvictionConfig(
                new EvictionConfig()
                    .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                    .setSize(SharedValues.KEYS_MAX)
                    .setEvictionPolicy(EvictionPolicy.LRU)));
  }
}
