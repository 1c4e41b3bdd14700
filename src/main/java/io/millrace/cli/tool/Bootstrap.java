package io.millrace.cli.tool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a command looks for the cluster, and with which settings.
 *
 * @param servers addresses, {@code host:port} separated by commas
 * @param settings what the file of {@code --command-config} says
 *     <p>Immutable.
 */
public record Bootstrap(String servers, Map<String, String> settings) {
  private static final String FALLBACK = "localhost:9092";
  private static final List<String> VARIABLES =
      List.of("MILLRACE_BOOTSTRAP", "KAFKA_BOOTSTRAP_SERVERS");
  private static final int PORT = 9092;
  private static final int KNOCK_MS = 3000;

  /**
   * What was asked for: the option, else {@code bootstrap.servers} of the file, else {@code
   * MILLRACE_BOOTSTRAP} or {@code KAFKA_BOOTSTRAP_SERVERS}, else localhost:9092.
   *
   * @param servers value of {@code --bootstrap-server}; null when it was not given
   * @param file file of {@code --command-config} or of its like; null when it was not given
   * @throws ToolException when the file cannot be read or an address has another form
   */
  public static Bootstrap of(@Nullable String servers, @Nullable Path file, Shell shell) {
    Map<String, String> settings = file == null ? Map.of() : stripped(KeyValues.read(file));
    String chosen =
        Optional.ofNullable(servers)
            .or(() -> Optional.ofNullable(settings.get("bootstrap.servers")))
            .or(() -> VARIABLES.stream().flatMap(one -> shell.variable(one).stream()).findFirst())
            .orElse(FALLBACK);
    return new Bootstrap(withPorts(chosen), settings);
  }

  /**
   * The brokers of a cluster that was named by its ZooKeeper: the same hosts with the port of
   * brokers.
   *
   * @param zookeeper {@code host:port[,host:port…][/folder]}
   */
  static String besideZooKeeper(String zookeeper) {
    int slash = zookeeper.indexOf('/');
    String hosts = slash < 0 ? zookeeper : zookeeper.substring(0, slash);
    List<String> servers = new ArrayList<>();
    for (String one : hosts.split(",")) {
      int colon = one.lastIndexOf(':');
      servers.add((colon < 0 ? one : one.substring(0, colon)).strip() + ":" + PORT);
    }
    return String.join(",", servers);
  }

  private static String withPorts(String servers) {
    List<String> addresses = new ArrayList<>();
    for (String one : servers.split(",")) {
      String address = one.strip();
      if (!address.isEmpty()) {
        addresses.add(withPort(address));
      }
    }
    if (addresses.isEmpty()) {
      throw ToolException.wrongUsage("--bootstrap-server needs an address: HOST:PORT");
    }
    return String.join(",", addresses);
  }

  private static String withPort(String address) {
    boolean ported = address.matches("(\\[[^]]+]|[^:]+):\\d{1,5}");
    if (ported) {
      return address;
    }
    if (address.matches("\\[[^]]+]|[^:/\\s]+")) {
      return address + ":" + PORT;
    }
    throw ToolException.wrongUsage("'" + address + "' is not an address: write HOST:PORT");
  }

  private static Map<String, String> stripped(Map<String, String> read) {
    Map<String, String> settings = new HashMap<>();
    read.forEach((name, value) -> settings.put(name, value.strip()));
    return settings;
  }

  /**
   * Settings of a client: those of the file, then these, then the address.
   *
   * @param more what the command sets itself
   */
  public Map<String, Object> client(Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>();
    // A tool lives for a moment: nobody reads its metrics.
    all.put("metric.reporters", "");
    all.put("enable.metrics.push", "false");
    all.putAll(settings);
    all.putAll(more);
    all.put("bootstrap.servers", servers);
    return all;
  }

  /**
   * Looks whether anybody listens at one of the addresses, since the clients would try for a
   * minute.
   *
   * @throws ToolException when nobody does
   */
  public void checkReachable() {
    String problem = "";
    for (String address : servers.split(",")) {
      int colon = address.lastIndexOf(':');
      String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
      InetSocketAddress target =
          new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
      if (target.isUnresolved()) {
        problem = "the name " + host + " is not known here";
        continue;
      }
      try (Socket socket = new Socket()) {
        socket.connect(target, KNOCK_MS);
        return;
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    throw ToolException.notReached("No broker answers at " + servers + " (" + problem + ").")
        .hint(
            "Start one with bin/kafka-server-start.sh conf/server.properties, or name another with"
                + " --bootstrap-server HOST:PORT.");
  }
}
