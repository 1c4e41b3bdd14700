package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
  private final SimScheduler sim = new SimScheduler(1);
  private final EventLoop shard = sim.process("broker").loop("shard");
  private final CommitQueue queue = new CommitQueue(shard);
  private final List<String> answers = new ArrayList<>();

  private void await(long endOffset, int timeoutMs) {
    queue.await(endOffset, timeoutMs).onSuccess(error -> answers.add(endOffset + " " + error));
  }

  @Test
  void answersWhatTheHighWatermarkPassed() {
    shard.execute(
        () -> {
          await(10, 1000);
          await(20, 1000);
          queue.release(15, Errors.NONE);
        });
    sim.runFor(10);

    assertThat(answers).containsExactly("10 NONE");
  }

  @Test
  void answersADuplicateThatWaitsForAnEarlierEnd() {
    shard.execute(
        () -> {
          await(20, 1000);
          await(10, 1000);
          queue.release(10, Errors.NONE);
        });
    sim.runFor(10);

    assertThat(answers).containsExactly("10 NONE");
  }

  @Test
  void timesOutOnce() {
    shard.execute(() -> await(10, 1000));
    sim.runFor(1001);
    shard.execute(() -> queue.release(10, Errors.NONE));
    sim.runFor(10);

    assertThat(answers).containsExactly("10 REQUEST_TIMED_OUT");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void answersEverybodyWhenLeadershipIsLost() {
    shard.execute(
        () -> {
          await(10, 1000);
          await(20, 1000);
          queue.failAll(Errors.NOT_LEADER_OR_FOLLOWER);
        });
    sim.runFor(10);

    assertThat(answers).containsExactly("10 NOT_LEADER_OR_FOLLOWER", "20 NOT_LEADER_OR_FOLLOWER");
  }
}
