package io.millrace.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimSchedulerTest {

  @Test
  void sameSeedGivesTheSameRun() {
    assertThat(trace(7)).isEqualTo(trace(7));
    assertThat(trace(7)).isNotEqualTo(trace(8));
  }

  private static List<String> trace(long seed) {
    SimScheduler world = new SimScheduler(seed);
    SimScheduler.Process process = world.process("p");
    List<String> trace = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      EventLoop loop = process.loop("l" + i);
      for (int s = 0; s < 5; s++) {
        int step = s;
        loop.execute(() -> trace.add(loop.name() + step));
      }
    }
    world.runFor(1000);
    return trace;
  }

  @Test
  void answerCompletesOnTheLoopThatAsked() {
    SimScheduler world = new SimScheduler(1);
    EventLoop asker = world.process("p").loop("asker");
    EventLoop owner = world.process("p").loop("owner");
    List<Boolean> seen = new ArrayList<>();
    asker.execute(
        () ->
            asker
                .ask(
                    owner,
                    () -> {
                      seen.add(owner.isOwner());
                      return Future.succeededFuture(1);
                    })
                .onSuccess(one -> seen.add(asker.isOwner())));
    world.runFor(100);
    assertThat(seen).containsExactly(true, true);
  }

  @Test
  void crashDropsWhatWasUnderWay() {
    SimScheduler world = new SimScheduler(1);
    SimScheduler.Process process = world.process("p");
    EventLoop loop = process.loop("l");
    List<String> seen = new ArrayList<>();
    loop.execute(() -> loop.offload(Work.FLUSH, () -> "forced").onSuccess(seen::add));
    loop.schedule(5, () -> seen.add("timer"));
    process.crash();
    world.runFor(100);
    assertThat(seen).isEmpty();
  }

  @Test
  void pausedProcessGoesOnWithWhatBecameDue() {
    SimScheduler world = new SimScheduler(1);
    SimScheduler.Process process = world.process("p");
    EventLoop loop = process.loop("l");
    List<String> seen = new ArrayList<>();
    loop.execute(() -> loop.offload(Work.FLUSH, () -> "forced").onSuccess(seen::add));
    loop.schedule(5, () -> seen.add("timer"));
    process.pause();
    world.runFor(100);
    assertThat(seen).isEmpty();
    process.resume();
    world.runFor(100);
    assertThat(seen).containsExactlyInAnyOrder("timer", "forced");
  }
}
