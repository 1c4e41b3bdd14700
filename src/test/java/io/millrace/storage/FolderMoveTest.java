package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Logs move between folders (KIP-113): nothing is lost, whatever happens meanwhile. */
class FolderMoveTest {
  private static final long PATIENCE_MS = 3_600_000;
  private static final Path A = Path.of("/data/a");
  private static final Path B = Path.of("/data/b");
  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
  private static final String[] DURABLE = {"flush.messages", "1", "segment.bytes", "20000"};

  private final SimDisk disk = new SimDisk(5);
  private final StorageWorld sim = new StorageWorld(5, disk, A, B);

  private static String[] values(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> "value-" + i + "-" + "x".repeat(80))
        .toArray(String[]::new);
  }

  private StoredLog filled(int batches, String... config) {
    StoredLog log = sim.create("orders", 0, config);
    for (int i = 0; i < batches; i++) {
      sim.appended(log, values(i * 10, 10));
    }
    return log;
  }

  private static Path other(StoredLog log) {
    return log.folder().path().equals(A) ? B : A;
  }

  private Errors move(TopicPartition partition, Path folder) {
    Future<Void> moving = sim.storage.move(partition, folder.toString());
    sim.world.runUntil(moving::isComplete, PATIENCE_MS);
    return moving.succeeded() ? Errors.NONE : ((AppendException) moving.cause()).error();
  }

  private void awaitMoved(StoredLog log, Path folder) {
    sim.world.runUntil(
        () -> log.folder().path().equals(folder) && sim.storage.futureLogs().isEmpty(),
        PATIENCE_MS);
  }

  /** A log on its slow way to the other folder, of which so many records are there. */
  private StoredLog followedTo(long records, int batches, String... config) {
    sim.start();
    sim.storage.limitMoves(10_000);
    StoredLog log = filled(batches, config);
    move(PARTITION, other(log));
    sim.world.runUntil(() -> followed() >= records, PATIENCE_MS);
    return log;
  }

  private long followed() {
    return sim.storage.futureLogs().stream().mapToLong(FutureLog::endOffset).sum();
  }

  private List<String> names(Path folder) {
    try {
      return disk.list(folder).stream()
          .map(each -> each.getFileName().toString())
          .filter(each -> each.startsWith("orders-"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void logMovesWithAllItsSegmentsAndGoesOn() {
    sim.start();
    StoredLog log = filled(100, DURABLE);
    Path from = log.folder().path();
    Path to = other(log);
    List<String> before = sim.values(log);

    assertThat(move(PARTITION, to)).isEqualTo(Errors.NONE);
    awaitMoved(log, to);
    sim.appended(log, "afterwards");

    before.add("afterwards");
    assertThat(log.view().segmentCount()).isGreaterThan(3);
    assertThat(sim.values(log)).isEqualTo(before);
    assertThat(names(to)).containsExactly("orders-0");
    sim.world.runFor(120_000);
    assertThat(names(from)).as("the old log is deleted").isEmpty();
    sim.stop();
    disk.killProcess();

    sim.start();
    StoredLog again = sim.create("orders", 0, DURABLE);
    assertThat(again.folder().path()).isEqualTo(to);
    assertThat(sim.values(again)).isEqualTo(before);
  }

  @Test
  void appendsDuringTheMoveAreAnsweredInOrderAndKept() {
    sim.start();
    StoredLog log = filled(50, DURABLE);
    Path to = other(log);
    List<Future<LogAppend>> answers = new ArrayList<>();

    move(PARTITION, to);
    for (int i = 0; i < 400 && !log.folder().path().equals(to); i++) {
      answers.add(sim.append(log, values(1_000 + i, 1)));
      sim.world.runFor(1);
    }
    awaitMoved(log, to);
    Future<LogAppend> last = sim.append(log, "last");
    sim.world.runUntil(last::isComplete, PATIENCE_MS);

    long offset = 500;
    for (Future<LogAppend> answer : answers) {
      assertThat(answer.succeeded()).isTrue();
      assertThat(answer.result().baseOffset()).isEqualTo(offset++);
    }
    assertThat(last.result().baseOffset()).isEqualTo(offset);
    assertThat(sim.values(log)).hasSize(501 + answers.size());
  }

  @Test
  void truncationCutsTheCopyToo() {
    StoredLog log = followedTo(600, 100, DURABLE);
    Path to = other(log);

    sim.world.await(sim.control.ask(log.shard(), () -> log.truncateTo(305)), PATIENCE_MS);
    sim.appended(log, values(9_000, 3));
    List<String> expected = sim.values(log);
    sim.storage.limitMoves(Long.MAX_VALUE);
    awaitMoved(log, to);

    assertThat(expected.get(expected.size() - 1)).startsWith("value-9002-");
    assertThat(sim.values(log)).isEqualTo(expected);
    sim.stop();
    disk.killProcess();
    assertThat(sim.start().values(sim.create("orders", 0, DURABLE))).isEqualTo(expected);
  }

  @Test
  void restartOfTheLogElsewhereIsFollowed() {
    StoredLog log = followedTo(300, 100, DURABLE);
    Path to = other(log);

    sim.world.await(sim.control.ask(log.shard(), () -> log.restartAt(5_000)), PATIENCE_MS);
    sim.appended(log, "new");
    sim.storage.limitMoves(Long.MAX_VALUE);
    awaitMoved(log, to);

    assertThat(log.view().logStartOffset()).isEqualTo(5_000);
    assertThat(sim.values(log)).containsExactly("new");
  }

  @Test
  void copyBeginsAtTheLogStartWhichACrashDoesNotBringBack() {
    sim.start();
    StoredLog log = filled(100, DURABLE);
    Path to = other(log);
    sim.world.await(
        sim.control.ask(
            log.shard(),
            () -> {
              log.log().advanceLogStart(555);
              return Future.succeededFuture();
            }),
        PATIENCE_MS);
    List<String> expected = sim.values(log);

    move(PARTITION, to);
    awaitMoved(log, to);
    sim.process.crash();
    disk.killProcess();

    sim.start();
    StoredLog again = sim.create("orders", 0, DURABLE);
    assertThat(again.view().logStartOffset()).isEqualTo(555);
    assertThat(sim.values(again)).isEqualTo(expected);
  }

  @Test
  void throttledMoveShowsItsProgressAndChangesItsDestination() {
    sim.start();
    sim.storage.limitMoves(5_000);
    StoredLog log = filled(100, DURABLE);
    Path home = log.folder().path();
    move(PARTITION, other(log));
    sim.world.runFor(5_000);

    FutureLog future = sim.storage.futureLogs().get(0);
    assertThat(future.partition()).isEqualTo(PARTITION);
    assertThat(future.folder().path()).isEqualTo(other(log));
    assertThat(future.endOffset()).isBetween(1L, 600L);
    assertThat(future.sizeBytes()).isBetween(5_000L, 60_000L);
    assertThat(names(other(log))).hasSize(1).first().asString().endsWith("-future");

    assertThat(move(PARTITION, home)).isEqualTo(Errors.NONE);
    sim.world.runFor(1_000);
    assertThat(sim.storage.futureLogs()).isEmpty();
    assertThat(names(other(log))).isEmpty();
  }

  @Test
  void deletionAndStopEndTheMove() {
    sim.start();
    sim.storage.limitMoves(5_000);
    StoredLog log = filled(100, DURABLE);
    move(PARTITION, other(log));
    sim.world.runFor(2_000);
    sim.stop();
    disk.killProcess();

    sim.start();
    StoredLog again = sim.create("orders", 0, DURABLE);
    assertThat(sim.storage.futureLogs()).as("it goes on").hasSize(1);
    sim.storage.limitMoves(5_000);
    sim.world.runFor(2_000);
    sim.world.await(sim.storage.delete(again.id()), PATIENCE_MS);
    sim.world.runFor(200_000);

    assertThat(sim.storage.futureLogs()).isEmpty();
    assertThat(names(A)).isEmpty();
    assertThat(names(B)).isEmpty();
  }

  private void limitMovesFromTheStart() {
    sim.brokerConfig.put("replica.alter.log.dirs.io.max.bytes.per.second", "1000");
    sim.start();
  }

  @Test
  void goesOnAfterARestartFromWhatWasCopied() {
    StoredLog log = followedTo(600, 100, DURABLE);
    Path to = other(log);
    long copied = followed();
    List<String> expected = sim.values(log);
    sim.process.crash();
    disk.killProcess();

    limitMovesFromTheStart();
    StoredLog again = sim.create("orders", 0, DURABLE);
    sim.world.runUntil(() -> followed() > 0, PATIENCE_MS);
    assertThat(followed()).isBetween(copied, copied + 100);

    sim.storage.limitMoves(Long.MAX_VALUE);
    awaitMoved(again, to);
    assertThat(sim.values(again)).isEqualTo(expected);
    sim.appended(again, "afterwards");
    assertThat(names(to)).containsExactly("orders-0");
  }

  @Test
  void cutsWhatWasCopiedToWhatTheLogStillHolds() {
    StoredLog log = followedTo(600, 100, DURABLE);
    Path to = other(log);
    sim.stop();
    disk.killProcess();

    limitMovesFromTheStart();
    StoredLog again = sim.create("orders", 0, DURABLE);
    sim.world.await(sim.control.ask(again.shard(), () -> again.truncateTo(305)), PATIENCE_MS);
    sim.appended(again, values(9_000, 3));
    List<String> expected = sim.values(again);
    sim.storage.limitMoves(Long.MAX_VALUE);
    awaitMoved(again, to);

    assertThat(sim.values(again)).isEqualTo(expected);
  }

  @Test
  void copiesALogAnewThatWasCompacted() {
    String[] compacted = {"flush.messages", "1", "cleanup.policy", "compact"};
    StoredLog log = followedTo(1_500, 200, compacted);
    Path to = other(log);
    log.shard().execute(() -> log.setCleanedOffset(10));
    sim.world.runFor(1);
    sim.stop();
    disk.killProcess();

    limitMovesFromTheStart();
    StoredLog again = sim.create("orders", 0, compacted);
    sim.world.runUntil(() -> followed() > 0, PATIENCE_MS);
    assertThat(followed()).isLessThan(1_000);
    sim.storage.limitMoves(Long.MAX_VALUE);
    awaitMoved(again, to);
  }

  @Test
  void saysAsKafkaWhyNot() {
    sim.start();
    StoredLog log = filled(1);
    assertThat(move(PARTITION, log.folder().path())).isEqualTo(Errors.NONE);
    assertThat(move(PARTITION, Path.of("/elsewhere"))).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
    TopicPartition unborn = new TopicPartition("unborn", 0);
    assertThat(move(unborn, A)).isEqualTo(Errors.REPLICA_NOT_AVAILABLE);
    assertThat(move(unborn, B)).isEqualTo(Errors.REPLICA_NOT_AVAILABLE);
    assertThat(sim.create("unborn", 0).folder().path()).isEqualTo(B);

    disk.failOperation(1);
    sim.append(log, "v");
    sim.world.runFor(5_000);
    assertThat(log.isOnline()).isFalse();
    assertThat(move(PARTITION, other(log))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(move(unborn, log.folder().path())).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
  }

  /** Power goes, or a call fails, at each call that the disk sees in turn. */
  @Test
  void noMomentOfAMoveLosesWhatWasAcknowledged() {
    int moved = 0;
    for (int at = 1; moved < 3; at++) {
      moved += new Cut(at, true).run() ? 1 : 0;
      assertThat(at).as("a move ends").isLessThan(500);
    }
    moved = 0;
    for (int at = 1; moved < 3; at++) {
      moved += new Cut(at, false).run() ? 1 : 0;
      assertThat(at).as("a move ends").isLessThan(500);
    }
  }

  private static final class Cut {
    private final int at;
    private final boolean power;
    private final FolderMoveTest test = new FolderMoveTest();
    private final List<String> acknowledged = new ArrayList<>();

    Cut(int at, boolean power) {
      this.at = at;
      this.power = power;
    }

    /** Whether the move had ended before the disk's trouble came. */
    boolean run() {
      StorageWorld sim = test.sim.start();
      StoredLog log = test.filled(40, DURABLE);
      acknowledged.addAll(sim.values(log));
      Path to = other(log);
      if (power) {
        test.disk.cutPowerAtOperation(at);
      } else {
        test.disk.failOperation(at);
      }
      Future<Void> begun = sim.storage.move(PARTITION, to.toString());
      sim.world.runUntil(begun::isComplete, PATIENCE_MS);
      boolean calm = true;
      for (int i = 0; i < 40 && log.isOnline(); i++) {
        String value = values(2_000 + i, 1)[0];
        sim.append(log, value).onSuccess(done -> acknowledged.add(value));
        sim.world.runFor(5);
        calm &= sim.storage.folders().stream().allMatch(LogFolder::isOnline);
      }
      sim.world.runFor(2_000);
      calm &= log.isOnline() && log.folder().path().equals(to);
      calm &= sim.storage.folders().stream().allMatch(LogFolder::isOnline);
      sim.process.crash();
      test.disk.cutPower();
      sim.bootId = "boot-" + at;
      sim.start();
      StoredLog again = sim.create("orders", 0, DURABLE);
      assertThat(sim.values(again)).as("at call %d", at).containsAll(acknowledged);
      assertThat(sim.values(again).subList(0, 400)).isEqualTo(acknowledged.subList(0, 400));
      sim.storage.limitMoves(Long.MAX_VALUE);
      sim.world.runFor(200_000);
      sim.appended(again, "works");
      assertThat(test.names(A).size() + test.names(B).size()).as("at call %d", at).isEqualTo(1);
      return calm;
    }
  }
}
