package io.millrace.cluster.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacedServiceTest {
  private final SimScheduler world = new SimScheduler(1);
  private final EventLoop loop = world.process("broker").loop("network");
  private final ArrayDeque<Promise<byte[]>> begun = new ArrayDeque<>();
  private final PacedService paced =
      new PacedService(
          new PeerService() {
            @Override
            public int kind() {
              return PROBE;
            }

            @Override
            public Future<byte[]> serve(EventLoop on, byte[] body) {
              if (body.length == 0) {
                throw new IllegalArgumentException("empty");
              }
              Promise<byte[]> answer = Promise.promise();
              begun.add(answer);
              return answer.future();
            }
          },
          2);

  private List<Future<byte[]>> ask(int count, int bytes) {
    List<Future<byte[]>> answers = new ArrayList<>();
    loop.execute(
        () -> {
          for (int i = 0; i < count; i++) {
            answers.add(paced.serve(loop, new byte[bytes]));
          }
        });
    world.runFor(10);
    return answers;
  }

  @Test
  void letsTheThirdOfTwoWaitAndForgetsNone() {
    List<Future<byte[]>> answers = ask(5, 1);

    for (int i = 0; i < 5; i++) {
      assertThat(begun).hasSize(Math.min(2, 5 - i));
      assertThat(paced.underWay()).isEqualTo(Math.min(2, 5 - i));
      Promise<byte[]> next = begun.remove();
      loop.execute(() -> next.complete(new byte[0]));
      world.runFor(10);
      assertThat(answers.get(i).succeeded()).isTrue();
    }
    assertThat(paced.underWay()).isZero();
  }

  @Test
  void aFailureMakesRoomToo() {
    List<Future<byte[]>> answers = ask(5, 0);

    assertThat(answers).allMatch(Future::failed);
    assertThat(paced.underWay()).isZero();
  }
}
