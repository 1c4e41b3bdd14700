package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the leader of the metadata log makes its connection to a peer anew. */
class SilentPeersTest {
  private final SimScheduler sim = new SimScheduler(1);
  private final List<Runnable> threads = new ArrayList<>();
  private final List<String> connected = new ArrayList<>();
  private final SilentPeers silent =
      new SilentPeers(sim.process("b1").loop("control"), threads::add);

  private void look(String... ids) {
    silent.look(
        new SilentPeers.Peers() {
          @Override
          public List<String> silentFor(long ms) {
            return List.of(ids);
          }

          @Override
          public void connectAnew(String peerId) {
            connected.add(peerId);
          }
        });
  }

  private void connectAll() {
    List.copyOf(threads).forEach(Runnable::run);
    threads.clear();
    sim.runFor(1);
  }

  @Test
  void aPeerThatStaysSilentIsConnectedAnewNowAndThen() {
    look("2-a");
    connectAll();
    look("2-a");
    assertThat(threads).isEmpty();

    sim.runFor(SilentPeers.SILENT_MS);
    look("2-a");
    connectAll();

    assertThat(connected).containsExactly("2-a", "2-a");
  }

  @Test
  void whileAConnectionToAPeerIsBeingMadeNobodyElseWaitsForIt() {
    for (int i = 0; i < 10; i++) {
      look("2-a", "3-b");
      sim.runFor(SilentPeers.SILENT_MS);
    }

    assertThat(threads).hasSize(2);
    connectAll();
    look("2-a", "3-b");
    assertThat(threads).hasSize(2);
  }

  @Test
  void aPeerThatAnsweredMeanwhileIsNewAgain() {
    look("2-a");
    connectAll();
    look();
    look("2-a");

    assertThat(threads).hasSize(1);
  }
}
