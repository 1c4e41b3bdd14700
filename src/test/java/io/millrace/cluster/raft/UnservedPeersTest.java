package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.SetClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a leader of the metadata log begins anew because it sends nothing to a peer. */
class UnservedPeersTest {
  private final SetClock clock = new SetClock(0);
  private int begunAnew;
  private final UnservedPeers peers = new UnservedPeers(clock, () -> begunAnew++);

  @Test
  void aPeerThatStaysUnservedMakesTheLeaderBeginAnewOnce() {
    lookFor(UnservedPeers.UNSERVED_MS, List.of("1-a"));

    assertThat(begunAnew).isEqualTo(1);
    lookFor(UnservedPeers.UNSERVED_MS - 100, List.of("1-a"));
    assertThat(begunAnew).isEqualTo(1);
  }

  @Test
  void whatIsStartedAgainAtOnceIsNothing() {
    for (int i = 0; i < 5; i++) {
      lookFor(UnservedPeers.UNSERVED_MS - 100, List.of("1-a"));
      lookFor(100, List.of());
    }

    assertThat(begunAnew).isZero();
  }

  @Test
  void eachPeerHasItsOwnTime() {
    for (int i = 0; i < 5; i++) {
      lookFor(UnservedPeers.UNSERVED_MS - 100, List.of("1-a"));
      lookFor(UnservedPeers.UNSERVED_MS - 100, List.of("2-b"));
    }

    assertThat(begunAnew).isZero();
  }

  private void lookFor(long ms, List<String> unserved) {
    for (long passed = 0; passed <= ms; passed += 100) {
      peers.look(() -> unserved);
      clock.pass(100);
    }
  }
}
