package io.millrace.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void turnsThatBeganAtDifferentMomentsEndTogether() {
    SimScheduler world = new SimScheduler(1);
    EventLoop one = world.process("p").loop("one");
    EventLoop other = world.process("p").loop("other");
    List<Long> ends = new ArrayList<>();
    one.scheduleTurn(1000, () -> ends.add(one.clock().monotonicMs() / 10));
    world.runFor(130);
    other.scheduleTurn(1000, () -> ends.add(other.clock().monotonicMs() / 10));
    world.runFor(2000);
    assertThat(ends).hasSize(2);
    assertThat(ends.get(0)).isEqualTo(ends.get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "10_000, 5000",
    "10_001, 4999",
    "12_500, 2500",
    "12_501, 7499",
    "14_999, 5001",
    "-1, 5001"
  })
  void turnTakesHalfItsLengthAtLeast(String nowMs, long untilMs) {
    long now = Long.parseLong(nowMs.replace("_", ""));
    assertThat(EventLoop.untilTurnMs(now, 5000)).isEqualTo(untilMs);
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
