package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.cluster.raft.RaftProcesses.Node;
import io.millrace.storage.DiskFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metadata log in processes that are killed and stopped. */
@Tag("it")
class RaftClusterIT {
  @TempDir Path home;

  private RaftProcesses processes;
  private int written;

  @BeforeEach
  void begin() {
    processes = new RaftProcesses(home);
  }

  @AfterEach
  void end() {
    processes.close();
  }

  @Test
  void neverLosesAnEntryWhenItsLeaderIsKilledUnderLoad() {
    threeVoters();
    Set<String> acknowledged = new HashSet<>();
    List<Long> gaps = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Node leader = processes.leader(20_000);
      List<Long> given = new ArrayList<>();
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        keys.add("k" + written++);
        given.add(leader.give("write " + keys.get(i)));
      }
      leader.child.await(() -> leader.answer(given.get(100)).isPresent(), 10_000);
      long killed = System.nanoTime();
      leader.kill();
      for (int i = 0; i < given.size(); i++) {
        if (leader.answer(given.get(i)).filter("ok written"::equals).isPresent()) {
          acknowledged.add(keys.get(i));
        }
      }
      processes.running().forEach(node -> node.give("gone " + leader.id));
      Node next = processes.leader(20_000);
      gaps.add((System.nanoTime() - killed) / 1_000_000);
      assertThat(next.keys()).containsAll(acknowledged);
      processes.startAndOpen(leader.id, false);
      awaitVoters(next, "0,1,2.");
    }
    System.out.println("new leader after kill -9, ms: " + gaps);
    assertThat(acknowledged).hasSizeGreaterThan(300);
    awaitSame(acknowledged);
  }

  @Test
  @Tag("long")
  void goesOnWithoutALeaderThatIsStopped() {
    threeVoters();
    Node leader = processes.leader(20_000);
    write(leader, 10);
    leader.signal("STOP");
    long stopped = System.nanoTime();
    Node next = otherLeader(leader);
    System.out.println(
        "new leader after SIGSTOP, ms: " + (System.nanoTime() - stopped) / 1_000_000);
    write(next, 10);
    leader.signal("CONT");
    RaftProcesses.await(() -> "follows".equals(leader.state()[0]), 10_000);

    awaitSame(Set.of());
    assertThat(leader.call("write late", 5_000).orElse("none")).startsWith("failed");
  }

  @Test
  @Tag("long")
  void aMemberFarBehindIsGivenTheImage() {
    threeVoters();
    Node leader = processes.leader(20_000);
    int follower = (leader.id + 1) % 3;
    node(follower).kill();
    writeToWhoeverLeads(400);
    processes.startAndOpen(follower, false);
    processes.startAndOpen(3, true);

    awaitSame(Set.of());
    awaitVoters(processes.leader(20_000), "0,1,2.");
  }

  @Test
  @Tag("long")
  void anotherBrokerTakesThePlaceOfAVoterThatIsGone() {
    threeVoters();
    processes.startAndOpen(3, true);
    Node leader = processes.leader(20_000);
    int gone = (leader.id + 1) % 3;
    node(gone).kill();
    String voters = gone == 1 ? "0,2,3." : gone == 2 ? "0,1,3." : "1,2,3.";
    awaitVoters(leader, voters);
    write(leader, 10);

    processes.startAndOpen(gone, false);

    RaftProcesses.await(() -> leader.state()[4].equals(gone + "."), 30_000);
    assertThat(leader.state()[4]).isEqualTo(gone + ".");
    awaitSame(Set.of());
  }

  @Test
  void aBrokerWithoutItsFolderComesBackAsAnotherPeer() throws Exception {
    threeVoters();
    Node leader = processes.leader(20_000);
    write(leader, 10);
    int wiped = (leader.id + 1) % 3;
    node(wiped).kill();
    org.apache.kafka.common.utils.Utils.delete(processes.folder(wiped).toFile());

    processes.startAndOpen(wiped, true);

    awaitVoters(leader, "0,1,2.");
    RaftProcesses.await(() -> leader.state()[4].equals("."), 20_000);
    assertThat(leader.state()[4]).isEqualTo(".");
    write(leader, 10);
    awaitSame(Set.of());
  }

  @Test
  @Tag("long")
  void losesNothingWhereverItsProcessEndsOnTheWayToAClusterOfSeveral() {
    int step = 1;
    for (boolean crashed = true; crashed; step++) {
      RaftProcesses cluster = new RaftProcesses(home.resolve("step-" + step));
      try (cluster) {
        Node founder = cluster.startAndOpen(0, false, "-Dcrash.at=" + step);
        write(founder, 3);
        Set<String> acknowledged = founder.keys();
        Node joiner = cluster.start(1, true);
        RaftProcesses.await(() -> joiner.isOpen() || !founder.runs(), 40_000);
        crashed = !founder.runs();
        if (crashed) {
          joiner.kill();
          Node again = cluster.startAndOpen(0, false);
          assertThat(cluster.leader(20_000)).isSameAs(again);
          assertThat(again.keys()).as("step " + step).isEqualTo(acknowledged);
          write(again, 3);
          Node other = cluster.startAndOpen(1, true);
          RaftProcesses.await(() -> other.keys().equals(again.keys()), 10_000);
          assertThat(other.keys()).as("step " + step).isEqualTo(again.keys());
        }
      }
    }
    System.out.println("steps of the switch: " + (step - 2));
    assertThat(step).isGreaterThan(5);
  }

  @Test
  @Tag("long")
  void goesOnFromOneBrokerWhenTheOtherVotersAreLost() throws Exception {
    threeVoters();
    Node leader = processes.leader(20_000);
    write(leader, 10);
    awaitSame(Set.of());
    Set<String> all = leader.keys();
    int chosen = (leader.id + 1) % 3;
    node(chosen).kill();
    Node refused = processes.start(chosen, false, "-Drecover=true");
    refused.awaitEnd(20_000);
    assertThat(refused.child.lines().toString()).contains("without --recover-metadata");
    processes.running().forEach(Node::kill);

    Node survivor = processes.startAndOpen(chosen, false, "-Drecover=true");

    assertThat(processes.leader(10_000)).isSameAs(survivor);
    assertThat(survivor.keys()).isEqualTo(all);
    write(survivor, 5);
    // At once, and told that their log was given up: without that they would go on with it.
    Node one = processes.start((chosen + 1) % 3, true);
    Node other = processes.start((chosen + 2) % 3, true);
    one.awaitOpenOrEnded(40_000);
    other.awaitOpenOrEnded(40_000);
    awaitVoters(survivor, "0,1,2.");
    awaitSame(all);
    for (int id = 0; id < 3; id++) {
      assertThat(folders(id).recoveries()).as("node " + id).isEqualTo(1);
    }
  }

  @Test
  @Tag("long")
  void aVoterThatComesBackAloneFindsTheLogThatGoesOn() throws Exception {
    threeVoters();
    awaitSame(Set.of());
    processes.running().forEach(Node::kill);
    Node survivor = processes.startAndOpen(0, false, "-Drecover=true");
    write(survivor, 5);

    Node back = processes.startAndOpen(1, false);

    RaftProcesses.await(() -> survivor.state()[4].equals("1."), 30_000);
    RaftProcesses.await(() -> back.keys().equals(survivor.keys()), 10_000);
    assertThat(back.keys()).isEqualTo(survivor.keys());
    assertThat(folders(1).recoveries()).isEqualTo(1);
  }

  private MetadataFolders folders(int id) {
    return new MetadataFolders(
        new DiskFiles(), processes.folder(id).resolve(LocalMetadataLog.FOLDER));
  }

  private void threeVoters() {
    Node first = processes.startAndOpen(0, false);
    write(first, 3);
    processes.startAndOpen(1, true);
    processes.startAndOpen(2, true);
    awaitVoters(first, "0,1,2.");
  }

  private Node node(int id) {
    return processes.running().stream().filter(node -> node.id == id).findFirst().orElseThrow();
  }

  private void write(Node leader, int count) {
    for (int i = 0; i < count; i++) {
      Optional<String> answer = leader.call("write k" + written++, 10_000);
      assertThat(answer).contains("ok written");
    }
  }

  /** With two of three voters a busy machine can take the leader its majority for a moment. */
  private void writeToWhoeverLeads(int count) {
    Set<String> done = new HashSet<>();
    for (int tries = 0; done.size() < count; tries++) {
      assertThat(tries).as("tries for %s of %s writes", done.size(), count).isLessThan(2 * count);
      String key = "k" + written++;
      Optional<String> answer = processes.leader(20_000).call("write " + key, 10_000);
      if (answer.filter("ok written"::equals).isPresent()) {
        done.add(key);
      }
    }
    assertThat(processes.leader(20_000).keys()).containsAll(done);
  }

  private Node otherLeader(Node stopped) {
    List<Node> found = new ArrayList<>();
    RaftProcesses.await(
        () -> {
          processes.running().stream()
              .filter(node -> node != stopped && node.leads())
              .findFirst()
              .ifPresent(found::add);
          return !found.isEmpty();
        },
        20_000);
    return found.get(0);
  }

  private void awaitVoters(Node node, String voters) {
    RaftProcesses.await(() -> voters.equals(node.state()[3]), 30_000);
    assertThat(node.state()[3]).as(processes::said).isEqualTo(voters);
  }

  /** All that run hold the same entries, these among them, and none has failed. */
  private void awaitSame(Set<String> keys) {
    Node leader = processes.leader(20_000);
    Set<String> all = leader.keys();
    assertThat(all).containsAll(keys);
    for (Node node : processes.running()) {
      RaftProcesses.await(() -> node.keys().equals(all), 20_000);
      assertThat(node.keys()).as("node " + node.id).isEqualTo(all);
      assertThat(node.state()[5]).isEqualTo("-");
    }
  }
}
