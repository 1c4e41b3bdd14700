package io.millrace.config;

import static io.millrace.config.Key.Update.CLUSTER_WIDE;
import static io.millrace.config.Rule.atLeast;
import static io.millrace.config.Rule.between;
import static io.millrace.config.Rule.notEmpty;
import static io.millrace.config.Rule.oneOf;

import java.util.Arrays;
import java.util.List;

/** Keys of the process itself: who it is, where it listens, what it lets in. Immutable. */
@SuppressWarnings("MissingJavadoc") // each key's doc is in its declaration
public interface ServerKeys {
  Key<Integer> BROKER_ID =
      Key.ints("broker.id", -1)
          .allows(atLeast(-1))
          .doc("Number of this broker, unique in its cluster; -1 lets the broker choose one.");

  Key<Integer> NODE_ID =
      Key.of("node.id", ValueType.INT)
          .allows(atLeast(0))
          .or(BROKER_ID, 1)
          .doc("Newer name of broker.id; goes before it.");

  Key<String> BROKER_RACK =
      Key.of("broker.rack", ValueType.STRING)
          .doc("Rack or zone of this broker; told to clients and used to spread replicas.");

  Key<List<String>> LISTENERS =
      Key.lists("listeners", "PLAINTEXT://:9092")
          .allows(notEmpty())
          .doc(
              "Where clients connect: NAME://host:port, separated by commas. Without a host it"
                  + " listens on all addresses; port 0 takes any free one.");

  Key<List<String>> ADVERTISED_LISTENERS =
      Key.of("advertised.listeners", ValueType.LIST)
          .doc(
              "Addresses told to clients, one per listener. Unset: the address that the client"
                  + " itself dialled.");

  Key<List<String>> LISTENER_SECURITY_PROTOCOL_MAP =
      Key.lists(
              "listener.security.protocol.map",
              "PLAINTEXT:PLAINTEXT",
              "SSL:SSL",
              "SASL_PLAINTEXT:SASL_PLAINTEXT",
              "SASL_SSL:SASL_SSL")
          .doc("Security protocol of each listener name: NAME:PROTOCOL, separated by commas.");

  Key<List<String>> CONTROLLER_LISTENER_NAMES =
      Key.of("controller.listener.names", ValueType.LIST)
          .doc(
              "Listeners of Kafka's controllers. There are none here, so the listeners of these"
                  + " names are not opened.");

  Key<Integer> NUM_NETWORK_THREADS =
      Key.ints("num.network.threads", 3)
          .allows(atLeast(1))
          .doc("Most event loops for connections; never more than there are cores.");

  Key<Integer> SOCKET_SEND_BUFFER_BYTES =
      Key.ints("socket.send.buffer.bytes", 102_400)
          .allows(atLeast(-1))
          .in("bytes")
          .doc(
              "Send buffer of a connection in the kernel; -1 leaves it to the system. Where it is not"
                  + " written it is 400 KB for connections from the same machine, and the system's for"
                  + " others.");

  Key<Integer> SOCKET_RECEIVE_BUFFER_BYTES =
      Key.ints("socket.receive.buffer.bytes", 102_400)
          .allows(atLeast(-1))
          .in("bytes")
          .doc(
              "Receive buffer of a connection in the kernel; -1, or what is not written, leaves it to"
                  + " the system.");

  Key<Integer> SOCKET_REQUEST_MAX_BYTES =
      Key.ints("socket.request.max.bytes", 104_857_600)
          .allows(atLeast(1))
          .in("bytes")
          .doc("Largest request; a connection that announces a larger one is closed.");

  Key<Integer> SOCKET_LISTEN_BACKLOG_SIZE =
      Key.ints("socket.listen.backlog.size", 4096)
          .allows(atLeast(1))
          .doc(
              "Connections that may wait to be accepted (50 in Kafka); the system drops more, and a"
                  + " client tries again a second later.");

  Key<Integer> QUEUED_MAX_REQUESTS =
      Key.ints("queued.max.requests", 500)
          .allows(atLeast(1))
          .inert("requests in flight are bounded by their bytes: queued.max.request.bytes")
          .doc("Requests that may wait for a thread.");

  Key<Long> QUEUED_MAX_REQUEST_BYTES =
      Key.longs("queued.max.request.bytes", -1)
          .in("bytes")
          .doc(
              "Memory for all requests in flight together; -1 takes a share of the direct memory"
                  + " of the process.");

  Key<Long> CONNECTIONS_MAX_IDLE_MS =
      Key.longs("connections.max.idle.ms", 600_000)
          .in("ms")
          .doc("A connection without traffic for so long is closed; negative: never.");

  Key<Integer> MAX_CONNECTIONS =
      Key.ints("max.connections", Integer.MAX_VALUE)
          .allows(atLeast(1))
          .live(CLUSTER_WIDE)
          .doc(
              "Most open connections of Kafka's clients, and most sockets of browsers; further ones"
                  + " are closed at once. The web door takes 1,000 more for requests.");

  Key<Integer> MAX_CONNECTIONS_PER_IP =
      Key.ints("max.connections.per.ip", Integer.MAX_VALUE)
          .allows(atLeast(0))
          .live(CLUSTER_WIDE)
          .doc("Most of them from one address; the web door takes 100 more of it for requests.");

  Key<String> MAX_CONNECTIONS_PER_IP_OVERRIDES =
      Key.texts("max.connections.per.ip.overrides", "")
          .allows(new Rule<>("host:count, separated by commas", ServerKeys::areHostsWithCounts))
          .live(CLUSTER_WIDE)
          .doc("Other limits for some addresses: host:count, separated by commas.");

  Key<Integer> MAX_CONNECTION_CREATION_RATE =
      Key.ints("max.connection.creation.rate", Integer.MAX_VALUE)
          .allows(atLeast(0))
          .inert("the rate of new connections is not limited yet")
          .doc("Most new connections per second.");

  Key<Integer> REQUEST_TIMEOUT_MS =
      Key.ints("request.timeout.ms", 30_000)
          .in("ms")
          .inert("requests between brokers have timeouts of their own")
          .doc("How long this broker waits for an answer of another one.");

  Key<Integer> FETCH_MAX_BYTES =
      Key.ints("fetch.max.bytes", 57_671_680)
          .allows(atLeast(1024))
          .in("bytes")
          .doc("Most bytes of records in the answer to one fetch.");

  Key<Integer> MAX_INCREMENTAL_FETCH_SESSION_CACHE_SLOTS =
      Key.ints("max.incremental.fetch.session.cache.slots", 1000)
          .allows(atLeast(0))
          .doc("Fetch sessions (KIP-227) that are remembered.");

  Key<Integer> MAX_REQUEST_PARTITION_SIZE_LIMIT =
      Key.ints("max.request.partition.size.limit", 2000)
          .allows(atLeast(1))
          .doc("Most partitions in one answer to DescribeTopicPartitions.");

  Key<String> HTTP_HOST =
      Key.texts("http.host", "").doc("Address of the web door; empty: all addresses.");

  Key<Integer> HTTP_PORT =
      Key.ints("http.port", 8080)
          .allows(between(-1, 65_535))
          .doc(
              "Port of the web door. Not written down: the first free one from 8080 on; 0: any"
                  + " free one; -1: no web door.");

  Key<List<String>> HTTP_ORIGINS =
      Key.lists("http.origins")
          .doc("Web origins besides the broker's own that may use the web door.");

  Key<List<String>> HTTP_HOSTS =
      Key.lists("http.hosts")
          .doc(
              "Names besides the machine's and the advertised ones under which browsers may dial the"
                  + " web door; *: any.");

  Key<String> CONFIG_UNKNOWN =
      Key.texts("config.unknown", "fail")
          .allows(oneOf("fail", "warn"))
          .doc(
              "What happens when the file has a key that nobody knows: fail stops the start, warn"
                  + " names it and goes on.");

  private static boolean areHostsWithCounts(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .allMatch(entry -> entry.isEmpty() || entry.matches(".+:\\d{1,9}"));
  }
}
