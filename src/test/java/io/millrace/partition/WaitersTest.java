package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitersTest {
  private final Waiters first = new Waiters();
  private final Waiters second = new Waiters();
  private final List<String> woken = new ArrayList<>();

  private Waiters.ShardWait reader(String name, Waiters... lists) {
    Waiters.ShardWait wait = new Waiters.ShardWait(() -> woken.add(name));
    for (Waiters list : lists) {
      list.add(wait);
    }
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
    first.add(once);

    first.wake();

    assertThat(second.isEmpty()).isFalse();
    second.wake();
    assertThat(woken).containsExactly("again");
  }
}
