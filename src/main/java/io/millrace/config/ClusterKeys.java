package io.millrace.config;

import static io.millrace.config.Key.Update.CLUSTER_WIDE;
import static io.millrace.config.Rule.atLeast;
import static io.millrace.config.Rule.between;

import java.util.List;

/** Keys of topics in the cluster, of replicas, and of brokers that work together. Immutable. */
@SuppressWarnings("MissingJavadoc") // each key's doc is in its declaration
public interface ClusterKeys {
  Key<Integer> NUM_PARTITIONS =
      Key.ints("num.partitions", 1)
          .allows(atLeast(1))
          .doc("Partitions of a topic that is made without a number of them.");

  Key<Integer> DEFAULT_REPLICATION_FACTOR =
      Key.ints("default.replication.factor", 1)
          .allows(atLeast(1))
          .doc("Replicas of a topic that is made without a number of them.");

  Key<Boolean> AUTO_CREATE_TOPICS_ENABLE =
      Key.flags("auto.create.topics.enable", true)
          .doc("Whether a client that names an unknown topic makes it.");

  Key<Boolean> DELETE_TOPIC_ENABLE =
      Key.flags("delete.topic.enable", true).doc("Whether topics can be deleted.");

  Key<Integer> MIN_INSYNC_REPLICAS =
      Key.ints("min.insync.replicas", 1)
          .allows(atLeast(1))
          .live(CLUSTER_WIDE)
          .doc("Replicas that must have a record before acks=all is answered.");

  Key<Boolean> UNCLEAN_LEADER_ELECTION_ENABLE =
      Key.flags("unclean.leader.election.enable", false)
          .live(CLUSTER_WIDE)
          .doc("Whether a replica that is behind may lead, which loses records.");

  Key<Boolean> AUTO_LEADER_REBALANCE_ENABLE =
      Key.flags("auto.leader.rebalance.enable", true)
          .doc("Whether leadership returns to preferred replicas.");

  Key<Integer> LEADER_IMBALANCE_PER_BROKER_PERCENTAGE =
      Key.ints("leader.imbalance.per.broker.percentage", 10)
          .allows(between(0, 100))
          .doc("Share of misplaced leaders that is borne.");

  Key<Long> LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS =
      Key.longs("leader.imbalance.check.interval.seconds", 300)
          .allows(atLeast(1L))
          .in("s")
          .doc("How often misplaced leaders are looked for.");

  Key<Long> REPLICA_LAG_TIME_MAX_MS =
      Key.longs("replica.lag.time.max.ms", 30_000)
          .in("ms")
          .doc("How long a replica may be behind and still count as in sync.");

  /** Sends consumers to a replica in their rack (KIP-392). */
  String RACK_AWARE_SELECTOR = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

  Key<String> REPLICA_SELECTOR_CLASS =
      Key.of("replica.selector.class", ValueType.STRING)
          .allows(
              new Rule<>(
                  "empty, or Kafka's RackAwareReplicaSelector or LeaderSelector",
                  text ->
                      text.isEmpty()
                          || text.equals(RACK_AWARE_SELECTOR)
                          || text.equals("org.apache.kafka.common.replica.LeaderSelector")))
          .doc(
              "Whether consumers that name a rack are sent to a replica in it; empty: they read from"
                  + " the leader.");

  Key<Long> FOLLOWER_REPLICATION_THROTTLED_RATE =
      Key.longs("follower.replication.throttled.rate", Long.MAX_VALUE)
          .in("bytes/s")
          .allows(atLeast(1L))
          .live(CLUSTER_WIDE)
          .doc("Bytes per second that replicas named in the topics' lists catch up with.");

  Key<Long> LEADER_REPLICATION_THROTTLED_RATE =
      Key.longs("leader.replication.throttled.rate", Long.MAX_VALUE)
          .in("bytes/s")
          .allows(atLeast(1L))
          .live(CLUSTER_WIDE)
          .doc(
              "Bytes per second that leaders named in the topics' lists send to all replicas that catch up.");

  Key<Integer> REPLICA_FETCH_WAIT_MAX_MS =
      Key.ints("replica.fetch.wait.max.ms", 500)
          .in("ms")
          .allows(atLeast(0))
          .doc("How long a leader may hold a follower's fetch while nothing is new.");

  Key<Integer> REPLICA_FETCH_MIN_BYTES =
      Key.ints("replica.fetch.min.bytes", 1)
          .in("bytes")
          .inert("a follower is answered when there is anything new")
          .doc("Bytes that a follower waits for.");

  Key<Integer> REPLICA_FETCH_MAX_BYTES =
      Key.ints("replica.fetch.max.bytes", 1_048_576)
          .in("bytes")
          .allows(atLeast(0))
          .doc("Most bytes per partition that a follower asks for; one batch is always given.");

  Key<Integer> REPLICA_FETCH_RESPONSE_MAX_BYTES =
      Key.ints("replica.fetch.response.max.bytes", 10_485_760)
          .in("bytes")
          .allows(atLeast(0))
          .doc("Most bytes of one answer to a follower; one batch is always given.");

  Key<Integer> REPLICA_FETCH_BACKOFF_MS =
      Key.ints("replica.fetch.backoff.ms", 1000)
          .in("ms")
          .allows(atLeast(1))
          .doc("The longest pause of a follower after fetches that failed; the first is 20 ms.");

  Key<Integer> REPLICA_SOCKET_TIMEOUT_MS =
      Key.ints("replica.socket.timeout.ms", 30_000)
          .in("ms")
          .allows(atLeast(1))
          .doc("How long a follower waits for an answer; more than replica.fetch.wait.max.ms.");

  Key<Long> REPLICA_HIGH_WATERMARK_CHECKPOINT_INTERVAL_MS =
      Key.longs("replica.high.watermark.checkpoint.interval.ms", 5000)
          .in("ms")
          .inert("high watermarks are saved every 60 s")
          .doc("How often high watermarks are saved.");

  Key<String> INTERNAL_TOPICS_REPLICATION_FACTOR =
      Key.texts("internal.topics.replication.factor", "auto")
          .allows(
              new Rule<>(
                  "auto or a whole number from 1 to 32767", ClusterKeys::isReplicationFactor))
          .doc(
              "Replicas of the topics that brokers make for themselves; auto: three, or as many as"
                  + " there are brokers.");

  Key<String> ZOOKEEPER_CONNECT =
      Key.of("zookeeper.connect", ValueType.STRING)
          .doc(
              "Addresses of the ZooKeeper of an older Kafka. Nothing is contacted there; brokers of"
                  + " the same text, on the hosts that it names, form a cluster. See cluster.join.");

  Key<String> CLUSTER_NAME =
      Key.texts("cluster.name", "millrace")
          .doc(
              "Brokers of one name form a cluster, those of another have nothing to do with it. Not"
                  + " written down: the text of zookeeper.connect, if cluster.join is not set.");

  Key<List<String>> CLUSTER_JOIN =
      Key.lists("cluster.join")
          .doc(
              "Hosts on which the brokers of the cluster are, this one's among them: host, or"
                  + " host:port with the cluster.port of a broker. Unset: the hosts of"
                  + " zookeeper.connect; without either a broker stays alone.");

  Key<String> CLUSTER_HOST =
      Key.texts("cluster.host", "")
          .doc(
              "Address on which other brokers reach this one, never all addresses. Empty: loopback"
                  + " when cluster.join names nothing else, else the address that leads there.");

  Key<Integer> CLUSTER_PORT =
      Key.ints("cluster.port", 17_092)
          .allows(between(1, 65_532))
          .doc(
              "Port on which brokers talk to each other; it and the three above it are used. Not"
                  + " written down: the first of 17092, 17096, and so on that is free, kept in the"
                  + " data folder.");

  Key<Integer> CLUSTER_EXPECTED_BROKERS =
      Key.ints("cluster.expected.brokers", 1)
          .allows(atLeast(1))
          .doc("Brokers that must see each other before a new cluster is founded.");

  private static boolean isReplicationFactor(String text) {
    return text.equals("auto")
        || text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= Short.MAX_VALUE;
  }
}
