package io.millrace.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterFixture;
import io.millrace.cluster.ClusterOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.Endpoint;
import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.junit.jupiter.api.Test;

class LocalMetadataLogTest {
  private static final Path FOLDER = Path.of("/data", LocalMetadataLog.FOLDER);
  private static final long SNAPSHOT_AFTER_BYTES = 700;
  private static final int TOPICS = 12;

  /** A broker's cluster on the simulated disk, started anew after each crash. */
  private static final class Machine {
    private final SimScheduler world;
    private final SimDisk disk;
    private final Map<String, Uuid> acknowledged = new HashMap<>();
    private SimScheduler.Process process;
    private EventLoop loop;
    private Cluster cluster;
    private int starts;

    Machine(long seed) {
      world = new SimScheduler(seed);
      disk = new SimDisk(seed);
      try {
        disk.createDirectories(FOLDER.getParent());
        disk.forceDirectory(Path.of("/"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts a process. The result fails when the disk did. */
    Future<Cluster> start() {
      process = world.process("broker-" + starts++);
      loop = process.loop("control");
      LocalMetadataLog log = new LocalMetadataLog(disk, FOLDER, loop, SNAPSHOT_AFTER_BYTES);
      ClusterOptions options =
          new ClusterOptions(
              0,
              new Uuid(3, starts),
              null,
              true,
              List.of(new Endpoint("A", "PLAINTEXT", "", 0)),
              null,
              true,
              BrokerConfig.DEFAULTS);
      Supplier<Uuid> ids = () -> new Uuid(world.random().nextLong(), world.random().nextLong());
      Promise<Cluster> started = Promise.promise();
      loop.execute(
          () ->
              ClusterControl.start(loop, loop, options, log, ids, fault -> {})
                  .onSuccess(opened -> cluster = opened)
                  .onComplete(started));
      world.runUntil(() -> started.future().isComplete(), 10_000);
      return started.future();
    }

    void mustStart() {
      Future<Cluster> started = start();
      if (started.failed()) {
        throw new AssertionError("seed " + world.seed(), started.cause());
      }
    }

    /** Creates topics, several at a time, until all are there or the disk fails. */
    void createTopics(String prefix) {
      List<Future<CreateTopicsResponseData>> under = new ArrayList<>();
      for (int i = 0; i < TOPICS; i++) {
        String name = prefix + i;
        Promise<CreateTopicsResponseData> created = Promise.promise();
        under.add(created.future());
        loop.execute(
            () ->
                cluster
                    .createTopics(loop, ClusterFixture.CALLER, creation(name))
                    .onSuccess(r -> acknowledged.put(name, r.topics().find(name).topicId()))
                    .onComplete(created));
        if (world.random().nextBoolean()) {
          world.runFor(world.random().nextInt(10));
        }
      }
      world.runUntil(() -> under.stream().allMatch(Future::isComplete), 10_000);
    }

    void createTopic(String name) {
      loop.execute(() -> cluster.createTopics(loop, ClusterFixture.CALLER, creation(name)));
      world.runFor(100);
    }

    private static CreateTopicsRequestData creation(String name) {
      CreateTopicsRequestData request = new CreateTopicsRequestData();
      request
          .topics()
          .add(
              new CreatableTopic()
                  .setName(name)
                  .setNumPartitions(3)
                  .setReplicationFactor((short) 1));
      return request;
    }

    Path newest() throws IOException {
      return disk.list(FOLDER).stream()
          .filter(file -> file.toString().endsWith(".log"))
          .reduce((first, second) -> second)
          .orElseThrow();
    }

    void crash() {
      process.crash();
      disk.cutPower();
    }

    /** Topics that were acknowledged and are not there, or with another id. */
    List<String> lost() {
      return acknowledged.entrySet().stream()
          .filter(
              topic -> {
                var image = cluster.image().topic(topic.getKey());
                return image == null || !image.id().equals(topic.getValue());
              })
          .map(Map.Entry::getKey)
          .toList();
    }

    void assertNothingLost(String when) {
      assertThat(lost()).as("seed %d, %s", world.seed(), when).isEmpty();
    }
  }

  @Test
  void losesNothingThatWasAcknowledgedByAPowerCutAtAnyWrite() {
    long operations = operationsOfAWholeRun();
    assertThat(operations).isGreaterThan(30);
    for (long cut = 1; cut <= operations; cut++) {
      Machine machine = new Machine(7);
      machine.disk.cutPowerAtOperation(cut);
      if (machine.start().succeeded()) {
        machine.createTopics("a");
      }
      machine.crash();

      machine.mustStart();
      machine.assertNothingLost("power cut at operation " + cut);
      machine.createTopics("b");
      machine.crash();

      machine.mustStart();
      machine.assertNothingLost("second start after a power cut at operation " + cut);
    }
  }

  private static long operationsOfAWholeRun() {
    Machine machine = new Machine(7);
    machine.mustStart();
    machine.createTopics("a");
    return machine.disk.operations();
  }

  @Test
  void losesNothingThatWasAcknowledgedByAnyRowOfCrashes() {
    for (long seed = 1; seed <= 150; seed++) {
      Machine machine = new Machine(seed);
      for (int round = 0; round < 4; round++) {
        machine.disk.cutPowerAtOperation(1 + machine.world.random().nextInt(60));
        if (machine.start().succeeded()) {
          machine.assertNothingLost("start " + round);
          machine.createTopics("r" + round + "-");
        }
        machine.crash();
      }
      machine.mustStart();
      machine.assertNothingLost("last start");
    }
  }

  @Test
  void wouldLoseTopicsIfItDidNotForce() {
    int losses = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Machine machine = new Machine(seed);
      machine.mustStart();
      machine.disk.loseForcesOf(path -> path.toString().endsWith(".log"));
      machine.createTopics("a");
      machine.crash();
      losses += machine.start().failed() ? 1 : machine.lost().size();
    }
    assertThat(losses).isPositive();
  }

  @Test
  void acknowledgesNothingAfterAFailedWriteAndStartsAgain() {
    for (long fail = 1; fail <= 25; fail++) {
      Machine machine = new Machine(fail);
      machine.mustStart();
      machine.disk.failOperation(fail);
      machine.createTopics("a");
      machine.createTopics("b");
      machine.process.crash();
      machine.disk.killProcess();

      machine.mustStart();
      machine.assertNothingLost("failed operation " + fail);
    }
  }

  /** What a crash leaves looks the same, save that it was never acknowledged. */
  @Test
  void noticesWhenEntriesAreMissingThatWereThereAtACleanStop() throws Exception {
    Machine machine = new Machine(1);
    machine.mustStart();
    machine.createTopic("a");
    Path newest = machine.newest();
    long size = machine.disk.size(newest);
    machine.createTopic("b");
    assertThat(machine.newest()).isEqualTo(newest);
    machine.world.await(
        machine.loop.ask(machine.loop, () -> machine.cluster.close(machine.loop)), 10_000);
    machine.process.crash();
    try (LogFile file = machine.disk.open(newest, false)) {
      file.truncate(size);
    }

    assertThat(machine.start().cause()).hasStackTraceContaining("are missing at the end of");
  }

  @Test
  void goesOnAfterACrashThatFollowedACleanStop() {
    Machine machine = new Machine(1);
    for (int i = 0; i < 3; i++) {
      machine.mustStart();
      machine.createTopics("clean" + i);
      machine.world.await(
          machine.loop.ask(machine.loop, () -> machine.cluster.close(machine.loop)), 10_000);
      machine.process.crash();
      machine.mustStart();
      machine.createTopics("crashed" + i);
      machine.crash();
    }
    machine.mustStart();
    machine.assertNothingLost("clean stops and crashes");
  }

  @Test
  void waitsForRoomOnAFullDisk() {
    Machine machine = new Machine(1);
    machine.mustStart();
    machine.createTopics("a");
    machine.disk.setFull(true);

    machine.createTopic("b");
    machine.createTopic("c");
    machine.world.runFor(3_000);
    assertThat(machine.cluster.image().topic("b")).isNull();
    machine.disk.setFull(false);
    machine.world.runFor(3_000);
    machine.createTopics("d");
    assertThat(machine.acknowledged).hasSize(2 * TOPICS);
    machine.process.crash();
    machine.disk.cutPower();
    machine.mustStart();
    machine.assertNothingLost("full disk");
    assertThat(machine.cluster.image().topic("b")).isNotNull();
    assertThat(machine.cluster.image().topic("c")).isNotNull();
  }

  @Test
  void refusesWhatAFullDiskWouldPileUpInMemory() {
    Machine machine = new Machine(1);
    machine.mustStart();
    machine.disk.setFull(true);
    machine.createTopic("waits");

    Future<CreateTopicsResponseData> last = Future.succeededFuture();
    for (int i = 0; !last.failed() && i < 10_000; i++) {
      String name = "more-" + i;
      Promise<CreateTopicsResponseData> answer = Promise.promise();
      machine.loop.execute(
          () ->
              machine
                  .cluster
                  .createTopics(machine.loop, ClusterFixture.CALLER, Machine.creation(name))
                  .onComplete(answer));
      machine.world.runFor(1);
      last = answer.future();
    }

    assertThat(last.cause()).hasMessageContaining("the disk of the metadata is full");
    machine.disk.setFull(false);
    machine.world.runFor(3_000);
    machine.createTopics("d");
    assertThat(machine.cluster.image().topic("waits")).isNotNull();
  }

  @Test
  void writesARoundOfEntriesWithOneForce() {
    Machine machine = new Machine(1);
    machine.mustStart();
    long forces = machine.disk.forces();
    List<Future<CreateTopicsResponseData>> under = new ArrayList<>();
    machine.loop.execute(
        () -> {
          for (int i = 0; i < 3; i++) {
            under.add(
                machine.cluster.createTopics(
                    machine.loop, ClusterFixture.CALLER, Machine.creation("t" + i)));
          }
        });
    machine.world.runFor(100);

    assertThat(under).hasSize(3).allMatch(Future::succeeded);
    assertThat(machine.disk.forces() - forces).isEqualTo(1);
  }

  @Test
  void keepsItsFilesShortBySnapshots() throws IOException {
    Machine machine = new Machine(1);
    machine.mustStart();
    for (int i = 0; i < 5; i++) {
      machine.createTopics("t" + i + "-");
    }

    List<Path> files = machine.disk.list(FOLDER);
    assertThat(files).hasSize(2).contains(FOLDER.resolve("snapshot"));
    assertThat(machine.disk.size(files.get(0))).isLessThan(10 * SNAPSHOT_AFTER_BYTES);
  }

  @Test
  void refusesToStartWithoutEntriesThatWereThere() throws IOException {
    Machine machine = new Machine(1);
    machine.mustStart();
    for (int i = 0; i < 3; i++) {
      machine.createTopics("t" + i + "-");
    }
    machine.process.crash();
    machine.disk.delete(FOLDER.resolve("snapshot"));
    machine.disk.killProcess();

    Future<Cluster> started = machine.start();

    assertThatThrownBy(() -> throwCause(started))
        .hasMessageContaining("of the cluster's metadata are missing");
  }

  @Test
  void refusesADamagedSnapshotWithItsName() throws IOException {
    Machine machine = new Machine(1);
    machine.mustStart();
    machine.createTopics("a");
    machine.createTopics("b");
    machine.process.crash();
    machine.disk.killProcess();
    try (LogFile snapshot = machine.disk.open(FOLDER.resolve("snapshot"), false)) {
      snapshot.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1, 2, 3})}, 30);
    }

    Future<Cluster> started = machine.start();

    assertThatThrownBy(() -> throwCause(started))
        .hasMessageContaining("damaged")
        .hasMessageContaining("snapshot");
  }

  @Test
  void refusesToStartWithADamagedEntryThatOthersFollowAndCutsNothing() throws IOException {
    Machine machine = new Machine(1);
    machine.mustStart();
    machine.createTopic("a");
    machine.createTopic("b");
    machine.process.crash();
    machine.disk.killProcess();
    List<Path> all = machine.disk.list(FOLDER);
    Path log = all.stream().filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow();
    long size = machine.disk.size(log);
    try (LogFile file = machine.disk.open(log, false)) {
      file.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1, 2, 3})}, 40);
    }

    Future<Cluster> started = machine.start();

    assertThatThrownBy(() -> throwCause(started))
        .hasMessageContaining("the cluster's metadata is damaged at byte")
        .hasMessageContaining(log.toString());
    assertThat(machine.disk.size(log)).isEqualTo(size);
  }

  private static void throwCause(Future<?> future) throws Throwable {
    assertThat(future.failed()).isTrue();
    throw future.cause();
  }
}
