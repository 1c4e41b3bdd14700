package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How many producers the logs of a broker remember, and what happens when there are more. */
class ProducerMemoryTest {
  private static final int DAY_MS = 86_400_000;
  private static final int ROOM = 100;
  private static final long T = LogFixture.NOW;
  private static final long IDLE_MS = ProducerMemory.IDLE_MS;
  private static final short EPOCH = 0;

  private final SimDisk disk = new SimDisk(1);
  private int newLogs;
  private final AtomicInteger refusals = new AtomicInteger();
  private final ProducerMemory memory =
      new ProducerMemory(DAY_MS, ROOM * 400, refusals::incrementAndGet);

  private Log open(String name) throws IOException {
    Path dir = Path.of("/data", name);
    disk.createDirectories(dir.getParent());
    LoadOptions options =
        new LoadOptions(true, 0, 0, T, memory, LoadOptions.DEFAULT_COLD_AFTER_BYTES);
    return LogLoader.load(disk, dir, LogFixture.ID, LogConfig.of(Map.of()), options).log();
  }

  /** One batch of a producer at a time; what it was refused with, or NONE. */
  private Errors append(Log log, long producer, int sequence, long nowMs) throws IOException {
    AppendException refused =
        catchThrowableOfType(
            AppendException.class,
            () ->
                log.append(
                    Batches.idempotent(1, 10, nowMs, producer, EPOCH, sequence),
                    AppendOrigin.CLIENT,
                    0,
                    nowMs));
    log.writePending();
    return refused == null ? Errors.NONE : refused.error();
  }

  private void fill(Log log, long firstProducer, int producers, long nowMs) throws IOException {
    for (long each : LongStream.range(firstProducer, firstProducer + producers).toArray()) {
      assertThat(append(log, each, 0, nowMs)).isEqualTo(Errors.NONE);
    }
  }

  @Test
  void aNewProducerIsRefusedWhileAllThatAreRememberedMayStillRepeatABatch() throws IOException {
    Log log = open("topic-0");
    fill(log, 0, ROOM, T);

    assertThat(append(log, ROOM, 0, T + IDLE_MS - 1)).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(refusals).hasValue(1);
    assertThat(log.logEndOffset()).isEqualTo(ROOM);
  }

  @Test
  void producersThatAreRememberedGoOn() throws IOException {
    Log log = open("topic-0");
    fill(log, 0, ROOM, T);

    assertThat(append(log, 3, 1, T)).isEqualTo(Errors.NONE);
    assertThat(append(log, 3, 3, T)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  @Test
  void whoeverWasIdleMakesRoomAndMayGoOnLater() throws IOException {
    Log log = open("topic-0");
    fill(log, 0, ROOM - 10, T);
    fill(log, ROOM - 10, 10, T + IDLE_MS - 1);

    assertThat(append(log, ROOM, 0, T + IDLE_MS)).isEqualTo(Errors.NONE);
    assertThat(log.producers()).hasSize(11);
    assertThat(append(log, 0, 1, T + IDLE_MS)).isEqualTo(Errors.NONE);
  }

  @Test
  void withRoomNobodyIsForgottenBeforeItsTime() throws IOException {
    Log log = open("topic-0");
    fill(log, 0, ROOM - 1, T);

    log.expireProducers(T + DAY_MS - 1);

    assertThat(log.producers()).hasSize(ROOM - 1);
  }

  @Test
  void producersOfAllLogsCountTogether() throws IOException {
    Log one = open("topic-0");
    Log two = open("topic-1");
    fill(one, 0, ROOM, T);
    assertThat(append(two, ROOM, 0, T + IDLE_MS)).isEqualTo(Errors.POLICY_VIOLATION);

    one.expireProducers(T + IDLE_MS);

    assertThat(append(two, ROOM, 0, T + IDLE_MS)).isEqualTo(Errors.NONE);
  }

  @Test
  void aLogThatIsEmptiedGivesItsRoomBack() throws IOException {
    Log one = open("topic-0");
    fill(one, 0, ROOM, T);
    one.truncateFullyAndStartAt(0, T);

    assertThat(append(open("topic-1"), ROOM, 0, T)).isEqualTo(Errors.NONE);
  }

  @Test
  void whatALeaderTookIsTakenFromIt() throws Exception {
    Log log = open("topic-0");
    fill(log, 0, ROOM, T);
    ByteBuffer batch = Batches.idempotent(1, 10, T, ROOM, EPOCH, 0);
    batch.putLong(0, ROOM);

    log.append(batch, AppendOrigin.REPLICATION, 0, T);

    assertThat(log.logEndOffset()).isEqualTo(ROOM + 1);
  }

  @Test
  void logsThatAreGoneLeaveNothingBehind() throws IOException {
    for (int each = 0; each < 20; each++) {
      fill(open("gone-" + each), each, 1, T);
    }

    Awaitility.await()
        .untilAsserted(
            () -> {
              System.gc();
              fill(open("new-" + newLogs), 100 + newLogs++, 1, T);
              assertThat(memory.followed()).isLessThan(10);
            });
  }
}
