package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExclusiveStepsTest {
  private final ExclusiveSteps steps = new ExclusiveSteps();
  private final List<String> ran = new ArrayList<>();

  private Future<Void> step(String name, Future<Void> end) {
    ran.add(name);
    return end;
  }

  @Test
  void aStepBeginsWhenTheOneBeforeHasEndedWellOrNot() {
    Promise<Void> first = Promise.promise();
    steps.add(() -> step("first", first.future()));
    Future<Void> second = steps.add(() -> step("second", Future.succeededFuture()));
    Future<Void> ended = steps.ended();
    assertThat(ran).containsExactly("first");
    assertThat(steps.areUnderWay()).isTrue();

    first.fail("the disk broke");

    assertThat(ran).containsExactly("first", "second");
    assertThat(second.succeeded()).isTrue();
    assertThat(ended.succeeded()).isTrue();
    assertThat(steps.areUnderWay()).isFalse();
  }

  @Test
  void aPauseBeginsWhenNoFlushIsUnderWay() {
    steps.flushBegan();
    steps.flushBegan();
    Future<Void> pause = steps.pause(() -> step("moved", Future.succeededFuture()));
    steps.flushEnded();
    assertThat(ran).isEmpty();
    assertThat(steps.holdAppends()).isTrue();

    steps.flushEnded();

    assertThat(ran).containsExactly("moved");
    assertThat(pause.succeeded()).isTrue();
    assertThat(steps.holdAppends()).isFalse();
  }

  @Test
  void itIsQuietWhenStepsAndFlushesHaveEnded() {
    Promise<Void> step = Promise.promise();
    steps.add(step::future);
    steps.flushBegan();
    Future<Void> quiet = steps.quiet();

    step.fail("the disk broke");
    assertThat(quiet.isComplete()).isFalse();
    steps.flushEnded();

    assertThat(quiet.succeeded()).isTrue();
  }

  @Test
  void appendsThatAPauseHeldRunInTheirOrderEvenWhenItsWorkFails() {
    Promise<Void> work = Promise.promise();
    steps.pause(work::future);
    steps.hold(() -> ran.add("a"));
    steps.hold(() -> ran.add("b"));
    assertThat(ran).isEmpty();

    work.fail("the copy cannot take its place");

    assertThat(ran).containsExactly("a", "b");
    assertThat(steps.holdAppends()).isFalse();
  }
}
