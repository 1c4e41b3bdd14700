package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Storage under random schedules: appends, flush rounds, retention, compaction, deletion, moves
 * between folders, failing disks, kills, power cuts and clean stops in any order, on a disk that
 * keeps only what was forced.
 *
 * <p>{@code -Dmillrace.storage.seeds=N} runs more, {@code -Dmillrace.storage.seed=S} one.
 */
class StorageSimulationTest {
  private static final long PATIENCE_MS = 3_600_000;
  private static final int LIVES = 4;

  /** What a topic promises, and what was promised so far. */
  private static final class Model {
    final String topic;
    final String[] config;
    final boolean eachForced;
    final boolean compacted;
    final boolean deletes;
    final Set<String> sent = new HashSet<>();
    final TreeMap<Long, String> acknowledged = new TreeMap<>();
    long logStart;
    StoredLog log;

    Model(String topic, boolean eachForced, boolean compacted, boolean deletes, String... config) {
      this.topic = topic;
      this.eachForced = eachForced;
      this.compacted = compacted;
      this.deletes = deletes;
      this.config = config;
    }
  }

  private static List<Model> models() {
    return List.of(
        new Model("durable", true, false, false, "flush.messages", "1", "segment.ms", "90000"),
        new Model("plain", false, false, false, "segment.ms", "90000"),
        new Model("counted", false, false, false, "flush.messages", "7", "flush.ms", "500"),
        new Model(
            "short",
            true,
            false,
            true,
            "flush.messages",
            "1",
            "segment.ms",
            "60000",
            "retention.ms",
            "200000",
            "file.delete.delay.ms",
            "1000"),
        new Model(
            "table",
            true,
            true,
            false,
            "flush.messages",
            "1",
            "segment.ms",
            "60000",
            "cleanup.policy",
            "compact",
            "min.cleanable.dirty.ratio",
            "0.01",
            "delete.retention.ms",
            "100000"));
  }

  @Test
  void nothingThatWasPromisedIsLost() {
    Long one = Long.getLong("millrace.storage.seed");
    long count = one != null ? 1 : Long.getLong("millrace.storage.seeds", 150);
    for (long seed = one != null ? one : 1; count > 0; seed++, count--) {
      try {
        new Run(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** The simulation is worth something only when it sees what it is there for. */
  @Test
  void missingForceIsNoticed() {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 40; seed++) {
                Run run = new Run(seed);
                run.disk.loseForcesOf(path -> path.toString().endsWith(".log"));
                run.run();
              }
            })
        .isInstanceOfAny(AssertionError.class, RuntimeException.class);
  }

  private static final class Run {
    private final Random random;
    private final SimDisk disk;
    private final StorageWorld sim;
    private final List<Model> models = models();
    private final Set<Model> checkedSinceCut = new HashSet<>();
    private boolean powerWasCut;
    private int counter;

    Run(long seed) {
      this.random = new Random(seed * 31);
      this.disk = new SimDisk(seed);
      this.sim = new StorageWorld(seed, disk, Path.of("/data/a"), Path.of("/data/b"));
      sim.brokerConfig.put("log.retention.check.interval.ms", "20000");
      sim.brokerConfig.put("log.cleaner.backoff.ms", "10000");
    }

    void run() {
      for (int life = 0; life < LIVES; life++) {
        if (begin()) {
          live();
          end();
        }
      }
      while (!begin()) {
        counter++;
      }
    }

    /** False when the power went during the start. */
    private boolean begin() {
      boolean disturbed = random.nextInt(6) == 0;
      if (disturbed) {
        disk.cutPowerAtOperation(1 + random.nextInt(60));
      }
      Future<Storage> opening = sim.begin();
      sim.world.runUntil(opening::isComplete, PATIENCE_MS);
      if (opening.failed() || !claimAll(opening.result())) {
        assertThat(disturbed).as("a start fails only with its disk: %s", opening.cause()).isTrue();
        cutPower();
        return false;
      }
      disk.cutPowerAtOperation(Long.MAX_VALUE / 2);
      try {
        models.forEach(this::check);
      } catch (UncheckedIOException e) {
        assertThat(disturbed).as("a read fails only with its disk").isTrue();
        cutPower();
        return false;
      }
      return true;
    }

    private boolean claimAll(Storage storage) {
      sim.storage = storage;
      for (Model model : models) {
        Future<StoredLog> claim =
            storage.create(StorageWorld.idOf(model.topic, 0), StorageWorld.config(model.config));
        sim.world.runUntil(claim::isComplete, PATIENCE_MS);
        if (claim.failed()) {
          return false;
        }
        model.log = claim.result();
      }
      Future<Void> registered = storage.registered(1);
      sim.world.runUntil(registered::isComplete, PATIENCE_MS);
      return registered.succeeded();
    }

    private void live() {
      if (random.nextInt(3) == 0) {
        disk.failOperation(1 + random.nextInt(120));
      } else if (random.nextInt(3) == 0) {
        disk.cutPowerAtOperation(1 + random.nextInt(200));
      }
      int steps = 10 + random.nextInt(60);
      for (int i = 0; i < steps; i++) {
        Model model = models.get(random.nextInt(models.size()));
        int burst = 1 + random.nextInt(4);
        for (int b = 0; b < burst; b++) {
          append(model);
        }
        if (random.nextInt(12) == 0) {
          String folder = random.nextBoolean() ? "/data/a" : "/data/b";
          sim.storage.move(model.log.id().topicPartition(), folder);
        }
        sim.world.runFor(random.nextInt(8) == 0 ? random.nextInt(120_000) : random.nextInt(20));
      }
    }

    private void append(Model model) {
      String[] values = new String[1 + random.nextInt(3)];
      for (int i = 0; i < values.length; i++) {
        boolean tombstone = model.compacted && random.nextInt(6) == 0;
        String key = "k" + random.nextInt(5) + "=";
        values[i] = tombstone ? key : key + "v" + counter++;
        model.sent.add(values[i]);
      }
      sim.append(model.log, values).onSuccess(done -> acknowledged(model, done, values));
    }

    private void acknowledged(Model model, LogAppend done, String[] values) {
      for (int i = 0; i < values.length; i++) {
        model.acknowledged.put(done.baseOffset() + i, values[i]);
      }
    }

    private void end() {
      switch (random.nextInt(4)) {
        case 0 -> {
          Future<Void> closed = sim.storage.close();
          sim.world.runUntil(closed::isComplete, PATIENCE_MS);
          sim.process.crash();
          disk.killProcess();
        }
        case 1 -> {
          sim.process.crash();
          disk.killProcess();
        }
        default -> cutPower();
      }
    }

    private void cutPower() {
      sim.process.crash();
      disk.cutPower();
      sim.bootId = "boot-" + counter++;
      powerWasCut = true;
    }

    private void check(Model model) {
      var view = model.log.view();
      Map<Long, String> found = read(model);
      String context = model.topic + " " + found + " of " + model.acknowledged;
      assertThat(model.sent).as(context).containsAll(found.values());
      assertThat(view.logStartOffset()).as(context).isGreaterThanOrEqualTo(model.logStart);
      model.logStart = view.logStartOffset();
      if (!model.deletes) {
        assertThat(view.logStartOffset()).as(context).isZero();
      }
      if (!model.compacted) {
        assertThat(found)
            .as("continuous " + context)
            .hasSize((int) (view.logEndOffset() - view.logStartOffset()));
      }
      checkAcknowledged(model, found, view.logEndOffset(), context);
      model.acknowledged.clear();
      model.acknowledged.putAll(found);
      checkedSinceCut.add(model);
      if (checkedSinceCut.size() == models.size()) {
        powerWasCut = false;
        checkedSinceCut.clear();
      }
    }

    private static Map<Long, String> read(Model model) {
      try {
        return StorageWorld.read(model.log.view());
      } catch (AssertionError damaged) {
        throw new AssertionError(model.topic + ": " + damaged.getMessage(), damaged);
      }
    }

    private void checkAcknowledged(Model model, Map<Long, String> found, long end, String context) {
      Map<String, Long> last = new HashMap<>();
      model.acknowledged.forEach((offset, value) -> last.put(value.split("=")[0], offset));
      found.forEach((offset, value) -> last.merge(value.split("=")[0], offset, Math::max));
      List<Long> missing = new ArrayList<>();
      model.acknowledged.forEach(
          (offset, value) -> {
            String there = found.get(offset);
            if (there != null) {
              assertThat(there).as(context).isEqualTo(value);
            } else if (offset >= model.logStart && !mayBeGone(model, offset, value, last, end)) {
              missing.add(offset);
            }
          });
      assertThat(missing).as("missing of " + context).isEmpty();
    }

    private boolean mayBeGone(
        Model model, long offset, String value, Map<String, Long> last, long end) {
      if (!model.eachForced && powerWasCut) {
        return offset >= end;
      }
      boolean superseded = last.get(value.split("=")[0]) > offset;
      return model.compacted && (superseded || value.endsWith("="));
    }
  }
}
