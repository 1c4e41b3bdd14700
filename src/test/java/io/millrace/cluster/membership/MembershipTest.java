package io.millrace.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import io.millrace.cluster.BrokerPresence.Card;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.RealClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several memberships in one process, on the loopback. */
class MembershipTest {
  private static final Duration SOON = Duration.ofSeconds(100);

  private final List<Membership> opened = new ArrayList<>();
  private final EventLog events = new EventLog(new RealClock());
  private final int[] ports = new int[3];
  private Vertx vertx;
  private EventLoop loop;

  @BeforeEach
  void freePorts() throws Exception {
    for (int i = 0; i < ports.length; i++) {
      ports[i] = freeSlot(i);
    }
    vertx = Vertx.vertx();
    loop =
        new VertxLoops(vertx, new RealClock(), 1)
            .startWorker("follower")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void leave() throws Exception {
    for (Membership membership : opened) {
      membership.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void brokersSeeEachOtherShareValuesAndNoticeAnEnd() {
    // Given three brokers of which each knows only the first
    Membership first = join(0);
    Membership second = join(1);
    List<Integer> suspected = new CopyOnWriteArrayList<>();
    first.onSuspect(suspected::add);
    awaitSeen(first, 1, 2);
    // When one of two publishes and a third comes later
    Map<String, String> heard = follow(second, "groups");
    first.share().publish("groups", "orders", bytes("generation 1"));
    await().atMost(SOON).until(() -> "generation 1".equals(heard.get("orders")));
    Membership third = join(2);
    awaitSeen(third, 1, 2, 3);
    Map<String, String> heardLate = follow(third, "groups");
    await().atMost(SOON).until(() -> "generation 1".equals(heardLate.get("orders")));
    // Then cards tell who they are, and a value is replaced and removed everywhere
    assertThat(third.present()).containsExactly(card(0), card(1), card(2));
    second.share().publish("groups", "orders", bytes("generation 2"));
    await().atMost(SOON).until(() -> "generation 2".equals(heardLate.get("orders")));
    second.share().remove("groups", "orders");
    await().atMost(SOON).until(() -> !heardLate.containsKey("orders"));
    // And what a broker published outlives another's end, which is noticed
    first.share().publish("groups", "stays", bytes("here"));
    kill(third);
    await().atMost(SOON).until(() -> suspected.contains(3));
    Map<String, String> after = follow(second, "groups");
    await().atMost(SOON).until(() -> "here".equals(after.get("stays")));
  }

  @Test
  void noticesAnEndWhileHazelcastTellsNothing() throws Exception {
    Membership first = join(0);
    Membership second = join(1);
    List<Integer> suspected = new CopyOnWriteArrayList<>();
    first.onSuspect(suspected::add);
    awaitSeen(first, 1, 2);
    awaitSeen(second, 1, 2);
    // Given a listener that waits, as that of the clustered Vert.x does when a member is gone
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    IMap<String, byte[]> map = first.instance().getMap("held");
    map.addEntryListener(
        (EntryAddedListener<String, byte[]>)
            event -> {
              held.countDown();
              hold(letGo);
            },
        false);
    map.put("any", bytes("value"));
    assertThat(held.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    try {
      // When another one ends
      kill(second);
      // Then it is noticed although no event comes
      await().atMost(SOON).until(() -> suspected.contains(2));
    } finally {
      letGo.countDown();
    }
  }

  @Test
  void listensOnTheGivenAddressAlone() throws Exception {
    Membership first = join(0);
    Membership second = join(1);
    awaitSeen(first, 1, 2);
    awaitSeen(second, 1, 2);

    Set<String> addresses = listening();

    for (int port : List.of(ports[0] + 1, ports[0] + 3, ports[1] + 1, ports[1] + 3)) {
      assertThat(addresses).anyMatch(address -> address.endsWith(":%04X".formatted(port)));
    }
    assertThat(addresses).allMatch(address -> address.matches("(0{16}F{4}0{4})?0100007F:.*"));
  }

  @Test
  void refusesSerialisedJavaObjects() {
    // Given a member with Java's serialisation among the brokers
    Membership first = join(0);
    awaitRunning(first);
    Map<String, String> heard = follow(first, "groups");
    HazelcastInstance foreign =
        Hazelcast.newHazelcastInstance(
            HazelcastSettings.of(options(1), "127.0.0.1", List.of("127.0.0.1:" + (ports[0] + 1))));
    try {
      await().atMost(SOON).until(() -> foreign.getCluster().getMembers().size() == 2);
      // When it puts an object, and then plain bytes
      foreign.<String, Object>getMap("millrace.groups").put("evil", new Trap());
      foreign.<String, Object>getMap("millrace.groups").put("good", bytes("plain"));
      // Then the bytes arrive, and the object was refused without being made
      await().atMost(SOON).until(() -> "plain".equals(heard.get("good")));
      await().atMost(SOON).until(() -> ((SharedValues) first.share()).refused() > 0);
      assertThat(heard).doesNotContainKey("evil");
      assertThat(Trap.sprung).isFalse();
    } finally {
      foreign.getLifecycleService().terminate();
    }
  }

  @Test
  void saysOnceThatItCannotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), ports[0] + 1));

      Membership first = join(0);

      await().atMost(SOON).until(() -> told("membership.trouble") == 1);
      assertThat(first.present()).containsExactly(card(0));
      assertThat(first.share().publish("groups", "orders", bytes("kept"))).isTrue();
    }
  }

  @Test
  void doesNotBeginWhenTheBrokerStops() throws Exception {
    // Given two that could not start, and would say so
    try (ServerSocket taken = new ServerSocket();
        ServerSocket alsoTaken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), ports[0] + 1));
      alsoTaken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), ports[1] + 1));
      // When the first stops before it has begun
      membership(0).beginNoMore();
      opened.get(0).meet(options(0), List.of());
      join(1);
      // Then only the second one has tried
      await().atMost(SOON).until(() -> told("membership.trouble") > 0);
      assertThat(events.after(0, 100))
          .filteredOn(event -> event.kind().equals("membership.trouble"))
          .singleElement()
          .asString()
          .contains(":" + (ports[1] + 1));
    }
  }

  @Test
  void refusesValuesThatAreTooLarge() {
    Membership alone = membership(0);

    assertThat(alone.share().publish("groups", "orders", new byte[(1 << 20) + 1])).isFalse();
  }

  private long told(String kind) {
    return events.after(0, 100).stream().filter(event -> event.kind().equals(kind)).count();
  }

  private Membership membership(int index) {
    Membership membership = new Membership(events, 0);
    opened.add(membership);
    return membership;
  }

  /** Each knows the first alone. */
  private Membership join(int index) {
    Membership membership = membership(index);
    membership.meet(options(index), List.of(new PeerAddress("127.0.0.1", ports[0])));
    return membership;
  }

  private MembershipOptions options(int index) {
    return new MembershipOptions("membership-test", "127.0.0.1", ports[index], card(index));
  }

  private Card card(int index) {
    return new Card(
        index + 1,
        "127.0.0.1:" + (9092 + index),
        index == 0 ? null : "127.0.0.1:8080",
        "127.0.0.1:" + ports[index],
        index == 0 ? "rack-a" : null,
        "dev");
  }

  private static void awaitSeen(Membership by, Integer... ids) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(by.present()).extracting(Card::brokerId).containsExactly(ids));
  }

  private static void awaitRunning(Membership membership) {
    await().atMost(SOON).until(() -> membership.instance() != null);
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it as the end of its process would: its connections close without a word. */
  private static void kill(Membership membership) {
    membership.instance().getLifecycleService().terminate();
  }

  private Map<String, String> follow(Membership membership, String space) {
    Map<String, String> heard = new ConcurrentHashMap<>();
    membership
        .share()
        .follow(
            space,
            loop,
            (key, value) -> {
              if (value == null) {
                heard.remove(key);
              } else {
                heard.put(key, new String(value, StandardCharsets.UTF_8));
              }
            });
    return heard;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What this process listens on, as the kernel tells it: address and port in its hexadecimal. */
  private static Set<String> listening() throws IOException {
    Set<String> own = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          own.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closed) {
          assertThat(descriptor).doesNotExist();
        }
      }
    }
    Set<String> found = new HashSet<>();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] column = line.trim().split("\\s+");
        if (column[3].equals("0A") && own.contains("socket:[" + column[9] + "]")) {
          found.add(column[1]);
        }
      }
    }
    return found;
  }

  /**
   * The first of four ports in a row that are free now, below those that outgoing connections get.
   */
  private static int freeSlot(int index) {
    while (true) {
      int first = 20_000 + ThreadLocalRandom.current().nextInt(600) * 12 + index * 4;
      if (IntStream.range(first, first + 4).allMatch(BrokerProcess::isFree)) {
        return first;
      }
    }
  }

  /** Notices when Java makes one from bytes. */
  private static final class Trap implements java.io.Serializable {
    private static final long serialVersionUID = 1;
    static volatile boolean sprung;

    private void readObject(java.io.ObjectInputStream in)
        throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      sprung = true;
    }
  }
}
