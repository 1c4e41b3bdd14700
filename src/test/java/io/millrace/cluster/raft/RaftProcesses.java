package io.millrace.cluster.raft;

import io.millrace.testkit.Child;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Processes with a metadata log each, and the way between them on which they ask to be let in.
 *
 * <p>Confined to: the test's thread, save what lets them in.
 */
final class RaftProcesses implements AutoCloseable {
  /** Processor time that these questions take is not there for elections. */
  private static final int POLL_MS = 20;

  private static final int ASK_AGAIN_MS = 100;

  private final Path home;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final AtomicLong numbers = new AtomicLong();

  RaftProcesses(Path home) {
    this.home = home;
  }

  /** One process. */
  final class Node {
    final int id;
    final Child child;
    private final Map<Long, String> answers = new ConcurrentHashMap<>();

    /** What it asked last, until that is answered; a later question replaces an earlier one. */
    private final AtomicReference<String> asked = new AtomicReference<>();

    Node(int id, List<String> command) {
      this.id = id;
      this.child = Child.start(command, this::heard);
    }

    private void heard(String line) {
      int space = line.indexOf(' ');
      if (line.startsWith("ask ")) {
        if (asked.getAndSet(line.substring(space + 1)) == null) {
          letIn(this);
        }
      } else if (space > 0 && line.chars().limit(space).allMatch(Character::isDigit)) {
        answers.put(Long.valueOf(line.substring(0, space)), line.substring(space + 1));
      }
    }

    boolean runs() {
      return child.isAlive();
    }

    void awaitOpenOrEnded(long patienceMs) {
      child.await(() -> isOpen() || !runs(), patienceMs);
    }

    boolean isOpen() {
      return child.lines().contains("open");
    }

    /** Gives a command without waiting. Returns its number. */
    long give(String command) {
      long number = numbers.incrementAndGet();
      try {
        child.type(number + " " + command + "\n");
      } catch (IllegalStateException ended) {
        return -1;
      }
      return number;
    }

    /** The answer to a command, when it is there. */
    Optional<String> answer(long number) {
      return Optional.ofNullable(answers.get(number));
    }

    /** Gives a command and waits for its answer; empty when none comes in time. */
    Optional<String> call(String command, long patienceMs) {
      long number = give(command);
      if (number < 0) {
        return Optional.empty();
      }
      child.await(() -> answer(number).isPresent() || !runs(), patienceMs);
      return answer(number);
    }

    /** Words of its state: leads or follows, term, keys, voters, observers, failure. */
    String[] state() {
      return call("state", 3_000).map(line -> line.substring(3).split(" ")).orElse(new String[6]);
    }

    /** What it wrote on its error stream, and whether it runs. */
    String said() {
      return "node " + id + (runs() ? " runs " : " ended ") + child.errorLines();
    }

    boolean leads() {
      return "leads".equals(state()[0]);
    }

    Set<String> keys() {
      String line = call("keys", 10_000).orElse("ok ,");
      Set<String> keys = new HashSet<>(List.of(line.substring(3).split(",")));
      keys.remove("");
      return keys;
    }

    void kill() {
      child.close();
      awaitEnd(5_000);
    }

    void awaitEnd(long patienceMs) {
      child.await(() -> !runs(), patienceMs);
    }

    void signal(String name) {
      Child.run(List.of("kill", "-" + name, Long.toString(child.pid())));
    }
  }

  /** Starts a process. */
  synchronized Node start(int id, boolean joins, String... jvmOptions) {
    int port = ports.computeIfAbsent(id, any -> FreePorts.next());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m", "-ea"));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", classPath()));
    command.add(RaftNodeMain.class.getName());
    command.addAll(
        List.of(
            Integer.toString(id),
            Integer.toString(port),
            folder(id).toString(),
            Boolean.toString(joins)));
    Node node = new Node(id, command);
    nodes.put(id, node);
    return node;
  }

  Node startAndOpen(int id, boolean joins, String... jvmOptions) {
    Node node = start(id, joins, jvmOptions);
    node.awaitOpenOrEnded(40_000);
    if (!node.isOpen()) {
      throw new AssertionError(
          "node " + id + " did not open: " + node.child.lines() + node.child.errorLines());
    }
    return node;
  }

  Path folder(int id) {
    return home.resolve("broker-" + id);
  }

  synchronized List<Node> running() {
    return nodes.values().stream().filter(Node::runs).toList();
  }

  /**
   * The process that leads.
   *
   * @throws AssertionError with what all that run say, when none does in time
   */
  Node leader(long patienceMs) {
    List<Node> found = new ArrayList<>();
    await(
        () -> {
          running().stream().filter(Node::leads).findFirst().ifPresent(found::add);
          return !found.isEmpty();
        },
        patienceMs);
    return found.stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody leads: " + said()));
  }

  /** The state of all that run, and what they wrote on their error streams. */
  String said() {
    return running().stream()
        .map(node -> String.join(" ", node.state()) + ": " + node.said())
        .collect(Collectors.joining("\n"));
  }

  /** What the node that leads answers; empty when it is to be asked again. */
  private Optional<String> invitation(Node asker, String peer) {
    return running().stream()
        .filter(node -> node != asker)
        .flatMap(node -> node.call("admit " + peer, 25_000).stream())
        .filter(answer -> answer.startsWith("ok "))
        .map(answer -> answer.substring(3))
        .findFirst();
  }

  /** Asks until somebody who leads lets it in, as brokers do: one thread for each that asks. */
  private void letIn(Node asker) {
    Thread thread =
        new Thread(
            () -> {
              for (String peer = asker.asked.get(); peer != null; peer = asker.asked.get()) {
                String peerId = peer.split("@")[1];
                String answer = askAll(asker, peer).map(invitation -> " " + invitation).orElse("");
                asker.give("invited " + peerId + answer);
                asker.asked.compareAndSet(peer, null);
              }
            },
            "let-in");
    thread.setDaemon(true);
    thread.start();
  }

  /** Empty when nobody lets it in within the time, or it ended or asked something else. */
  private Optional<String> askAll(Node asker, String peer) {
    AtomicReference<Optional<String>> found = new AtomicReference<>(Optional.empty());
    await(
        () -> {
          found.set(invitation(asker, peer));
          return found.get().isPresent() || !asker.runs() || !peer.equals(asker.asked.get());
        },
        ASK_AGAIN_MS,
        20_000);
    return found.get();
  }

  /**
   * Asks again and again until it is so.
   *
   * @return false when it is not so in time
   */
  static boolean await(BooleanSupplier asked, long patienceMs) {
    return await(asked, POLL_MS, patienceMs);
  }

  private static boolean await(BooleanSupplier asked, long pauseMs, long patienceMs) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(pauseMs))
          .atMost(Duration.ofMillis(patienceMs))
          .until(asked::getAsBoolean);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** Of this test, whoever loads its classes. */
  private static String classPath() {
    if (RaftNodeMain.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  @Override
  public synchronized void close() {
    nodes.values().forEach(node -> node.child.close());
  }
}
