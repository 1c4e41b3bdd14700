package io.millrace.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.RealClock;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VertxLoopTest {
  private static final Clock CLOCK = new RealClock();

  private final Vertx vertx = Vertx.vertx();
  private final VertxLoops loops = new VertxLoops(vertx, CLOCK, 2);

  @AfterEach
  void close() {
    vertx.close().await();
    loops.close();
  }

  @Test
  void stepsGivenTogetherShareOneBatchEnd() throws Exception {
    EventLoop loop = loops.startWorker("shard").await(5, TimeUnit.SECONDS);
    List<String> seen = new ArrayList<>();
    Promise<Void> done = Promise.promise();
    loop.execute(
        () -> {
          for (int i = 0; i < 3; i++) {
            int step = i;
            loop.execute(
                () -> {
                  seen.add("step" + step);
                  if (step == 0) {
                    loop.atBatchEnd(
                        () -> {
                          seen.add("end");
                          done.complete();
                        });
                  }
                });
          }
        });
    done.future().await(5, TimeUnit.SECONDS);
    assertThat(seen).containsExactly("step0", "step1", "step2", "end");
  }

  @Test
  void offloadRunsElsewhereAndComesBack() throws Exception {
    EventLoop shard = loops.startWorker("shard").await(5, TimeUnit.SECONDS);
    EventLoop network = loops.on("network", vertx.getOrCreateContext());
    Promise<List<Boolean>> done = Promise.promise();
    network.execute(
        () ->
            network
                .ask(
                    shard,
                    () ->
                        shard
                            .offload(Work.FLUSH, shard::isOwner)
                            .compose(
                                inWorker ->
                                    Future.succeededFuture(List.of(inWorker, shard.isOwner()))))
                .onComplete(
                    seen -> {
                      List<Boolean> all = new ArrayList<>(seen.result());
                      all.add(network.isOwner());
                      all.add(shard.isOwner());
                      done.complete(all);
                    }));
    assertThat(done.future().await(5, TimeUnit.SECONDS)).containsExactly(false, true, true, false);
  }

  @Test
  void workThatWaitsForOneFolderHoldsUpNoneAtAnother() throws Exception {
    EventLoop loop = loops.startWorker("shard").await(5, TimeUnit.SECONDS);
    CountDownLatch slow = new CountDownLatch(1);
    try {
      for (int i = 0; i < 100; i++) {
        loop.offload(Work.FLUSH, Path.of("slow"), () -> slow.await(1, TimeUnit.MINUTES));
      }

      Future<String> elsewhere = loop.offload(Work.FLUSH, Path.of("quick"), () -> "forced");
      Future<String> nowhere = loop.offload(Work.FLUSH, () -> "written");

      assertThat(elsewhere.await(5, TimeUnit.SECONDS)).isEqualTo("forced");
      assertThat(nowhere.await(5, TimeUnit.SECONDS)).isEqualTo("written");
    } finally {
      slow.countDown();
    }
  }

  @Test
  void cancelledTimerDoesNotFire() throws Exception {
    EventLoop loop = loops.startWorker("shard").await(5, TimeUnit.SECONDS);
    List<String> seen = new ArrayList<>();
    Promise<Void> done = Promise.promise();
    loop.execute(
        () -> {
          loop.schedule(5, () -> seen.add("cancelled")).cancel();
          loop.schedule(
              20,
              () -> {
                seen.add("fired");
                done.complete();
              });
        });
    done.future().await(5, TimeUnit.SECONDS);
    assertThat(seen).containsExactly("fired");
  }

  @Test
  void aContextBesideAnEventLoopIsOnItsThread() throws Exception {
    EventLoop loop = loops.onEventLoop("replication");
    EventLoop beside = loops.on("connection", loops.contextBeside(loop));

    assertThat(threadOf(beside)).isSameAs(threadOf(loop));
  }

  @Test
  void aContextBesideAWorkerIsOnAnEventLoop() throws Exception {
    EventLoop worker = loops.startWorker("shard").await(5, TimeUnit.SECONDS);
    EventLoop beside = loops.on("connection", loops.contextBeside(worker));

    assertThat(threadOf(beside)).isNotSameAs(threadOf(worker));
    assertThat(threadOf(beside).getName()).contains("eventloop");
  }

  private static Thread threadOf(EventLoop loop) throws Exception {
    Promise<Thread> thread = Promise.promise();
    loop.execute(() -> thread.complete(Thread.currentThread()));
    return thread.future().await(5, TimeUnit.SECONDS);
  }
}
