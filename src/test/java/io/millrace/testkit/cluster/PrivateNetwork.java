package io.millrace.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A network with some hosts, each a network namespace with one address, joined by a bridge that the
 * calling process sits at. Links are cut silently, as a broken cable does: packets of a direction
 * are sent to a hardware address that nobody has.
 *
 * <p>The calling process must be in a network namespace of its own already, as root of it.
 *
 * <p>Confined to: the test's thread.
 */
public final class PrivateNetwork implements AutoCloseable {
  private static final String NET = "10.77.0.";
  private static final String BRIDGE = "mrbridge";
  private static final String NOBODY = "02:00:00:00:77:99";

  private final List<Process> hosts = new ArrayList<>();

  /** Makes the network with this many hosts. */
  public PrivateNetwork(int size) {
    Commands.run("ip", "link", "set", "lo", "up");
    Commands.run("ip", "link", "add", BRIDGE, "type", "bridge");
    Commands.run("ip", "addr", "add", NET + "254/24", "dev", BRIDGE);
    Commands.run("ip", "link", "set", BRIDGE, "up");
    for (int host = 0; host < size; host++) {
      hosts.add(holder());
      join(host);
    }
  }

  /** Whether this process is in a network of its own, where one can be made. */
  public static boolean isPossible() {
    try (Stream<String> interfaces = Files.lines(Path.of("/proc/self/net/dev"))) {
      return interfaces.skip(2).allMatch(line -> line.trim().startsWith("lo:"))
          && Commands.succeeds("ip", "link", "set", "lo", "up");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process that keeps a network namespace alive. */
  private static Process holder() {
    try {
      Process process = new ProcessBuilder("unshare", "--net", "sleep", "infinity").start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
      Path its = Path.of("/proc/" + process.pid() + "/ns/net");
      Awaitility.await("a namespace")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !Files.readSymbolicLink(its).equals(own));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void join(int host) {
    String cable = "mr" + host;
    String pid = Long.toString(hosts.get(host).pid());
    Commands.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", pid);
    Commands.run("ip", "link", "set", cable, "master", BRIDGE, "up");
    at(host, "ip", "addr", "add", address(host) + "/24", "dev", "eth0");
    at(host, "ip", "link", "set", "eth0", "up");
    at(host, "ip", "link", "set", "lo", "up");
  }

  /** Address of a host. */
  public String address(int host) {
    return NET + (host + 1);
  }

  /** What stands before a command that is to run at a host. */
  public List<String> prefix(int host) {
    return List.of("nsenter", "-t", Long.toString(hosts.get(host).pid()), "-n");
  }

  /** From now on nothing that {@code from} sends reaches {@code to}. */
  public void cut(int from, int to) {
    at(
        from,
        "ip",
        "neigh",
        "replace",
        address(to),
        "lladdr",
        NOBODY,
        "dev",
        "eth0",
        "nud",
        "permanent");
  }

  /** Ends {@link #cut}. */
  public void mend(int from, int to) {
    at(from, "ip", "neigh", "del", address(to), "dev", "eth0");
  }

  /** From now on a host reaches nobody, and nobody reaches it. */
  public void unplug(int host) {
    Commands.run("ip", "link", "set", "mr" + host, "down");
  }

  /** Ends {@link #unplug}. */
  public void plugIn(int host) {
    Commands.run("ip", "link", "set", "mr" + host, "up");
  }

  /** From now on a host sends nothing to or from a port of any host, its own included. */
  public void blockPort(int host, int port) {
    rule(host, "add", "dport", port);
    rule(host, "add", "sport", port);
  }

  /** Ends {@link #blockPort}. */
  public void unblockPort(int host, int port) {
    rule(host, "del", "dport", port);
    rule(host, "del", "sport", port);
  }

  private void rule(int host, String act, String end, int port) {
    at(host, "ip", "rule", act, "priority", "10", "ipproto", "tcp", end, "" + port, "blackhole");
  }

  private void at(int host, String... command) {
    Commands.run(
        Stream.concat(prefix(host).stream(), Arrays.stream(command)).toArray(String[]::new));
  }

  /** Takes the network down. */
  @Override
  public void close() {
    hosts.forEach(Process::destroyForcibly);
    Commands.run("ip", "link", "del", BRIDGE);
  }
}
