package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.MetadataQuorum.Peer;
import org.junit.jupiter.api.Test;

class NewcomersTest {
  private final Newcomers newcomers = new Newcomers();

  private static Peer peer(int broker, int random) {
    return new Peer(broker, broker + "-" + random, "host", 1);
  }

  @Test
  void whoDoesNotComeGoesBehindTheOthersAndIsForgotten() {
    newcomers.admit(peer(1, 0), 0);
    newcomers.admit(peer(2, 0), 10);
    newcomers.late(peer(1, 0));

    assertThat(newcomers.waiting(Newcomers.WAIT_MS)).containsExactly(peer(2, 0), peer(1, 0));
    assertThat(newcomers.waiting(Newcomers.WAIT_MS + 5)).containsExactly(peer(2, 0));
  }

  @Test
  void anotherPeerOfABrokerTakesThePlaceOfTheOneBefore() {
    newcomers.admit(peer(1, 0), 0);
    newcomers.admit(peer(1, 1), 0);
    newcomers.late(peer(1, 0));
    newcomers.arrived(peer(1, 0));

    assertThat(newcomers.waiting(0)).containsExactly(peer(1, 1));
    newcomers.arrived(peer(1, 1));
    assertThat(newcomers.waiting(0)).isEmpty();
  }

  @Test
  void manyWhoAskPushOutThoseWhoWaitedLongest() {
    for (int id = 0; id < 10 * Newcomers.COUNT_MAX; id++) {
      newcomers.admit(peer(id, 0), 0);
    }

    assertThat(newcomers.waiting(0)).hasSize(Newcomers.COUNT_MAX).endsWith(peer(319, 0));
  }
}
