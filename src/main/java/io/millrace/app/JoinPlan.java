package io.millrace.app;

import io.millrace.cluster.founding.Place;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a broker looks for others, as its configuration says. Immutable.
 *
 * @param name name under which brokers meet
 * @param places where their peer ports may be
 * @param host address that others reach this broker at
 */
record JoinPlan(String name, List<Place> places, String host) {
  /** First peer port that is tried. */
  static final int FIRST_PORT = BrokerKeys.CLUSTER_PORT.defaultValue().orElseThrow();

  /** Peer ports that are tried on one machine. */
  static final int SLOTS = 16;

  /** Ports of one slot: peers, Hazelcast, Raft, event bus. */
  static final int SLOT_PORTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(JoinPlan.class);
  private static final JoinPlan NONE = new JoinPlan("", List.of(), "");

  JoinPlan {
    places = List.copyOf(places);
  }

  /** Whether the broker looks for others at all. */
  boolean looks() {
    return !places.isEmpty();
  }

  /**
   * Reads the plan. Blocks for the names of hosts.
   *
   * @throws StartException when it cannot be followed
   */
  static JoinPlan of(BrokerConfig config, Machine machine) {
    List<String> joins = config.get(BrokerKeys.CLUSTER_JOIN);
    if (!joins.isEmpty()) {
      List<Place> places = joins.stream().flatMap(join -> places(join).stream()).toList();
      return new JoinPlan(
          config.get(BrokerKeys.CLUSTER_NAME), places, host(config, places, machine));
    }
    return config
        .find(BrokerKeys.ZOOKEEPER_CONNECT)
        .filter(text -> !text.isBlank())
        .map(text -> ofZooKeeper(config, text.strip(), machine))
        .orElse(NONE);
  }

  private static JoinPlan ofZooKeeper(BrokerConfig config, String text, Machine machine) {
    int slash = text.indexOf('/');
    List<String> addresses =
        Arrays.stream((slash < 0 ? text : text.substring(0, slash)).split(","))
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .sorted()
            .toList();
    Set<String> hosts = new LinkedHashSet<>();
    addresses.forEach(address -> hosts.add(withoutPort(address)));
    if (hosts.stream().noneMatch(machine::owns)) {
      return withoutThisHost(text, hosts);
    }
    List<Place> places = hosts.stream().flatMap(host -> slots(host).stream()).toList();
    String chroot = slash < 0 ? "" : text.substring(slash);
    String name =
        config.isWritten(BrokerKeys.CLUSTER_NAME)
            ? config.get(BrokerKeys.CLUSTER_NAME)
            : String.join(",", addresses) + chroot;
    return new JoinPlan(name, places, host(config, places, machine));
  }

  private static JoinPlan withoutThisHost(String text, Set<String> hosts) {
    if (hosts.size() > 1) {
      throw new StartException(
          "zookeeper.connect="
              + text
              + " names several hosts, and none of them is this machine, so it does not say where"
              + " the other brokers are: name the brokers in cluster.join (host, or host:port),"
              + " this one among them, or take zookeeper.connect out of the file to run alone.");
    }
    LOG.warn(
        "zookeeper.connect={} is another machine, where no other broker is looked for: this broker"
            + " serves alone. To form a cluster name all brokers in cluster.join",
        text);
    return NONE;
  }

  private static String withoutPort(String address) {
    String host = hasPort(address) ? address.substring(0, address.lastIndexOf(':')) : address;
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** An address of IPv6 with a port has brackets, so several colons without them are no port. */
  private static boolean hasPort(String address) {
    int colon = address.lastIndexOf(':');
    return colon >= 0
        && colon > address.lastIndexOf(']')
        && (address.startsWith("[") || address.indexOf(':') == colon);
  }

  private static List<Place> places(String join) {
    String host = withoutPort(join);
    if (!hasPort(join)) {
      return slots(host);
    }
    try {
      int port = Integer.parseInt(join.substring(join.lastIndexOf(':') + 1));
      if (port > 0 && port < 1 << 16 && !host.isEmpty()) {
        return List.of(new Place(host, port));
      }
    } catch (NumberFormatException e) {
      throw notAnAddress(join, e);
    }
    throw notAnAddress(join, null);
  }

  private static StartException notAnAddress(String join, Throwable cause) {
    return new StartException(
        "cluster.join has '" + join + "', which is no address: write host, or host:port.", cause);
  }

  private static List<Place> slots(String host) {
    List<Place> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new Place(host, FIRST_PORT + i * SLOT_PORTS));
    }
    return slots;
  }

  private static String host(BrokerConfig config, List<Place> places, Machine machine) {
    String written = config.get(BrokerKeys.CLUSTER_HOST);
    if (!written.isEmpty()) {
      return written;
    }
    return places.stream()
        .map(Place::host)
        .distinct()
        .filter(host -> !machine.isLoopback(host))
        .map(machine::addressTowards)
        .flatMap(java.util.Optional::stream)
        .findFirst()
        .orElse(Machine.LOOPBACK);
  }
}
