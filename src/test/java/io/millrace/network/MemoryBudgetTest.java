package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final int MIB = 1 << 20;
  private static final int SMALL = MemoryBudget.SMALL_FRAME_BYTES;

  private final List<String> woken = new ArrayList<>();

  private boolean take(MemoryBudget budget, int bytes, String who) {
    return budget.take(bytes, false, () -> woken.add(who));
  }

  @Test
  void givesSmallFramesTheReserveWhenTheRestIsTaken() {
    MemoryBudget budget = new MemoryBudget(MIB);
    assertThat(take(budget, MIB, "large")).isTrue();
    assertThat(take(budget, SMALL, "small")).isTrue();
    assertThat(take(budget, SMALL + 1, "larger")).isFalse();
  }

  @Test
  void endsTheReserveToo() {
    MemoryBudget budget = new MemoryBudget(MIB);
    take(budget, MIB, "large");
    int passed = 0;
    while (take(budget, SMALL, "small")) {
      passed++;
    }
    assertThat(passed).isEqualTo(MIB / 8 / SMALL);
  }

  @Test
  void wakesInTheOrderOfArrival() {
    MemoryBudget budget = new MemoryBudget(MIB);
    take(budget, MIB, "first");
    take(budget, MIB / 2, "a");
    take(budget, MIB / 2, "b");
    budget.release(MIB);
    assertThat(woken).containsExactly("a");
    assertThat(budget.take(MIB / 2, true, () -> {})).isTrue();
    assertThat(woken).containsExactly("a", "b");
  }

  @Test
  void letsNobodyPassThoseWhoWaitUnlessItIsSmall() {
    MemoryBudget budget = new MemoryBudget(MIB);
    take(budget, MIB - SMALL * 4, "first");
    assertThat(take(budget, MIB / 2, "waits")).isFalse();
    assertThat(take(budget, SMALL * 2, "late")).isFalse();
    assertThat(take(budget, SMALL, "small")).isTrue();
  }

  @Test
  void neverForgetsOneThatWaits() {
    long seed = 5;
    Random random = new Random(seed);
    MemoryBudget budget = new MemoryBudget(MIB);
    Deque<Integer> held = new ArrayDeque<>();
    List<int[]> ready = new ArrayList<>();
    int admitted = 0;
    int frames = 2000;
    for (int i = 0; i < frames; i++) {
      int bytes = 1 + random.nextInt(MIB / 2);
      if (budget.take(bytes, false, () -> ready.add(new int[] {bytes}))) {
        held.add(bytes);
        admitted++;
      }
      while (held.size() > random.nextInt(4)) {
        budget.release(held.poll());
      }
      admitted += admitWoken(budget, ready, held);
    }
    while (!held.isEmpty()) {
      budget.release(held.poll());
      admitted += admitWoken(budget, ready, held);
    }
    assertThat(admitted).isEqualTo(frames);
    assertThat(budget.usedBytes()).isZero();
    assertThat(budget.hasWaiting()).isFalse();
  }

  private static int admitWoken(MemoryBudget budget, List<int[]> ready, Deque<Integer> held) {
    int admitted = 0;
    while (!ready.isEmpty()) {
      int bytes = ready.remove(0)[0];
      if (!budget.take(bytes, true, () -> ready.add(new int[] {bytes}))) {
        break;
      }
      held.add(bytes);
      admitted++;
    }
    return admitted;
  }
}
