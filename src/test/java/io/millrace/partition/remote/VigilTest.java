package io.millrace.partition.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

/** How long an answer is waited for that may rightly be long in coming. */
class VigilTest {
  private final SimScheduler sim = new SimScheduler(5);
  private final EventLoop loop = sim.process("here").loop("asker");
  private final Promise<String> asked = Promise.promise();
  private boolean isThere = true;
  private int signs;

  private Future<String> keep() {
    Promise<String> kept = Promise.promise();
    loop.execute(() -> Vigil.keep(loop, asked.future(), this::sign, "no answer").onComplete(kept));
    return kept.future();
  }

  private Future<Boolean> sign() {
    signs++;
    return Future.succeededFuture(isThere);
  }

  @Test
  void waitsForALeaderThatIsThere() {
    Future<String> kept = keep();
    sim.runFor(20_000);
    assertThat(kept.isComplete()).isFalse();
    assertThat(signs).isEqualTo(6);

    loop.execute(() -> asked.complete("appended"));
    sim.runFor(10_000);

    assertThat(kept.result()).isEqualTo("appended");
    assertThat(signs).as("asked no more").isEqualTo(6);
  }

  @Test
  void givesUpALeaderThatFallsSilent() {
    Future<String> kept = keep();
    sim.runFor(10_000);
    isThere = false;
    sim.runFor(Vigil.EVERY_MS);

    assertThat(kept.result()).isEqualTo("no answer");
    loop.execute(() -> asked.complete("appended after all"));
    sim.runFor(10_000);
    assertThat(signs).as("asked no more").isEqualTo(4);
  }

  @Test
  void passesOnAFault() {
    Future<String> kept = keep();
    loop.execute(() -> asked.fail("broken"));
    sim.runFor(10);

    assertThat(kept.cause()).hasMessage("broken");
  }
}
