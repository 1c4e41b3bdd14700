package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WaitersTest {
  private final Waiters first = new Waiters();
  private final Waiters second = new Waiters();
  private final List<String> woken = new ArrayList<>();

  private Waiters.ShardWait reader(String name, Waiters... lists) {
    Waiters.ShardWait wait = new Waiters.ShardWait(() -> woken.add(name));
    for (Waiters list : lists) {
      wait.add(list);
    }
    wait.begin();
    return wait;
  }

  @Test
  void wakesEachReaderOnceWhateverItWaitsFor() {
    reader("both", first, second);
    reader("twice", first, first);

    first.wake();
    second.wake();

    assertThat(woken).containsExactlyInAnyOrder("both", "twice");
    assertThat(second.isEmpty()).isTrue();
  }

  @Test
  void leavesOthersInTheirPlaceWhenOneGivesUp() {
    reader("a", first);
    Waiters.ShardWait middle = reader("b", first);
    reader("c", first);

    middle.cancel();
    first.wake();

    assertThat(woken).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void doesNotWakeWhoGaveUp() {
    Waiters.ShardWait only = reader("a", first, second);

    only.cancel();
    first.wake();
    second.wake();

    assertThat(woken).isEmpty();
  }

  @Test
  void keepsAReaderThatComesBackWhileOthersAreWoken() {
    Waiters.ShardWait[] again = new Waiters.ShardWait[1];
    Waiters.ShardWait once = new Waiters.ShardWait(() -> again[0] = reader("again", second));
    once.add(first);
    once.begin();

    first.wake();

    assertThat(second.isEmpty()).isFalse();
    second.wake();
    assertThat(woken).containsExactly("again");
  }

  @Test
  @Timeout(60)
  void losesNobodyWhoBeginsWhileAnOffsetMoves() throws InterruptedException {
    AtomicLong offset = new AtomicLong();
    AtomicLong observed = new AtomicLong();
    long last = 5_000;
    Thread reader =
        new Thread(
            () -> {
              while (observed.get() < last) {
                long seen = offset.get();
                observed.set(seen);
                AtomicBoolean over = new AtomicBoolean();
                Waiters.ShardWait wait = new Waiters.ShardWait(() -> over.set(true));
                wait.add(second);
                wait.add(first);
                wait.begin();
                boolean mustBeWoken = offset.get() == seen && seen < last;
                while (mustBeWoken && !over.get()) {
                  Thread.yield();
                }
              }
            });
    reader.start();

    // As a shard does: an offset moves, then who waits for it is woken.
    for (long i = 1; i <= last; i++) {
      offset.set(i);
      first.wake();
      while (observed.get() < i) {
        Thread.yield();
      }
    }

    reader.join();
    first.wake();
    second.wake();
    assertThat(first.isEmpty() && second.isEmpty()).isTrue();
  }
}
