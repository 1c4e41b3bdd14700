package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.AppendOutcome;
import io.millrace.storage.log.WatchedPages;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Broker 1 leads and 2 is in sync; 3 was away and misses more than what counts as being in memory
 * at the leader.
 */
class ColdFollowerTest {
  private static final int RECORDS = 120;
  private static final int RECORD_BYTES = 10_000;
  private static final int SEGMENT_BYTES = 100_000;
  private static final int COLD_AFTER_BYTES = 2 * SEGMENT_BYTES;
  private static final int ANSWER_BYTES = 3 * RECORD_BYTES;
  private static final String VALUE = "x".repeat(RECORD_BYTES - 100);

  /** Offsets below are cold until the last record is written, and of segments that have an end. */
  private static final long COLD_BELOW = RECORDS - 4L * SEGMENT_BYTES / RECORD_BYTES;

  private final Map<Object, WatchedPages> pages = new HashMap<>();
  private ReplicaWorld world;

  private void begin(int partitions) {
    world = new ReplicaWorld(11, 3, 3_000, Map.of("segment.bytes", String.valueOf(SEGMENT_BYTES)));
    world
        .coldAfter(COLD_AFTER_BYTES)
        .files(
            disk -> pages.computeIfAbsent(disk, key -> new WatchedPages(disk, world.sim::isInStep)))
        .fetching(
            Map.of(
                "replica.fetch.max.bytes",
                String.valueOf(2 * RECORD_BYTES),
                "replica.fetch.response.max.bytes",
                String.valueOf(ANSWER_BYTES)))
        .start(partitions);
    for (int number = 0; number < partitions; number++) {
      world.controller.change(number, 1, List.of(1, 2, 3));
    }
    world.sim.runFor(1_000);
    world.nodes.get(3).kill();
    world.controller.fence(3);
    for (int number = 0; number < partitions; number++) {
      for (int i = 0; i < RECORDS; i++) {
        assertThat(append(number).error()).isEqualTo(Errors.NONE);
      }
    }
    leader().forget();
  }

  private AppendOutcome append(int number) {
    return world.sim.await(world.nodes.get(1).append(number, -1, VALUE), ReplicaWorld.PATIENCE_MS);
  }

  private WatchedPages leader() {
    return pages.get(world.nodes.get(1).disk);
  }

  private static long baseOffset(WatchedPages.Page page) {
    return Long.parseLong(page.file().replaceAll("[.].*", ""));
  }

  @Test
  void noLoopOfTheLeaderWaitsForTheDisk() {
    begin(1);

    world.nodes.get(3).launch();
    world.settle(0);

    assertThat(leader().loopsWaitedFor())
        .as("pages that a loop was the first to read")
        .allSatisfy(page -> assertThat(baseOffset(page)).isGreaterThanOrEqualTo(COLD_BELOW));
    assertThat(leader().touches()).as("steps of workers").isPositive();
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  @Test
  void readsNoMoreFromTheDiskThanItAnswers() {
    int partitions = 6;
    begin(partitions);

    world.nodes.get(3).launch();
    for (int number = 0; number < partitions; number++) {
      world.settle(number);
    }

    long bytes = 0;
    for (int number = 0; number < partitions; number++) {
      bytes += world.nodes.get(1).partition(number).view().sizeBytes();
    }
    // A session that ends may have read ahead for one answer.
    assertThat(leader().touchedBytes()).isLessThanOrEqualTo(bytes + ANSWER_BYTES);
  }

  @Test
  void keepsNobodyWaitingWhoIsInSync() {
    int partitions = 4;
    begin(partitions);

    world.nodes.get(3).launch();
    List<Future<AppendOutcome>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      for (int number = 0; number < partitions; number++) {
        all.add(world.nodes.get(1).append(number, -1, "v" + i));
      }
      world.sim.runFor(10);
    }

    all.forEach(each -> assertThat(world.sim.await(each, 1_000).error()).isEqualTo(Errors.NONE));
    for (int number = 0; number < partitions; number++) {
      world.settle(number);
    }
  }
}
