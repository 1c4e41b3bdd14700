package io.millrace.partition.replication;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.config.BrokerConfig;
import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.FetchCounters;
import io.millrace.handler.FetchHandler;
import io.millrace.handler.Handlers;
import io.millrace.handler.ListOffsetsHandler;
import io.millrace.handler.ProduceHandler;
import io.millrace.handler.ReplicaFetchHandler;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicCreated;
import io.millrace.metrics.LocalMetrics;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.millrace.sim.Requests;
import io.millrace.sim.cluster.SimNetwork;
import io.millrace.sim.cluster.SimPeerDoor;
import io.millrace.storage.Belonging;
import io.millrace.storage.FolderLocks;
import io.millrace.storage.Storage;
import io.millrace.storage.StorageOptions;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.ProducerMemory;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Brokers with the real code of storage, partitions and replication on a simulated network. The
 * images of the {@link ReplicaController} reach each broker in order, late; so do its answers, and
 * some are lost.
 *
 * <p>Confined to: the test's thread.
 */
final class ReplicaWorld {
  static final long PATIENCE_MS = 120_000;
  static final String TOPIC = "t";
  static final Uuid TOPIC_ID = new Uuid(0x4000, 7);
  private static final int PEER_PORT = 17092;
  private static final Path FOLDER = Path.of("/data");

  final SimScheduler sim;
  final SimNetwork network;
  final Map<Integer, Node> nodes = new TreeMap<>();
  final Random random;
  final ReplicaController controller;
  private final Map<String, String> topicConfig;
  private final long lagTimeMaxMs;
  private long coldAfterBytes;
  private UnaryOperator<LogFiles> files = disk -> disk;
  private Map<String, String> fetching = Map.of("replica.fetch.max.bytes", "500");

  ReplicaWorld(long seed, int brokers, long lagTimeMaxMs, Map<String, String> topicConfig) {
    this.sim = new SimScheduler(seed);
    this.network = new SimNetwork(sim);
    this.random = new Random(seed);
    this.controller =
        new ReplicaController(change -> nodes.values().forEach(node -> node.inform(change)));
    this.topicConfig = topicConfig;
    this.lagTimeMaxMs = lagTimeMaxMs;
    // In half of the histories, what lies a little behind the end of a log counts as cold.
    this.coldAfterBytes = seed % 2 == 0 ? 300 : LoadOptions.DEFAULT_COLD_AFTER_BYTES;
    for (int id = 1; id <= brokers; id++) {
      nodes.put(id, new Node(id));
    }
  }

  /** What lies that far behind the end of a log counts as cold. */
  ReplicaWorld coldAfter(long bytes) {
    coldAfterBytes = bytes;
    return this;
  }

  /** Brokers reach their disks by what this gives for each disk. */
  ReplicaWorld files(UnaryOperator<LogFiles> through) {
    files = through;
    return this;
  }

  /** Settings by which followers fetch. */
  ReplicaWorld fetching(Map<String, String> settings) {
    fetching = settings;
    return this;
  }

  /** Starts all brokers and makes a topic whose partitions each have a replica on all of them. */
  ReplicaWorld start(int partitions) {
    nodes.values().forEach(Node::launch);
    List<Integer> ids = List.copyOf(nodes.keySet());
    List<PartitionImage> created = new ArrayList<>();
    for (int number = 0; number < partitions; number++) {
      List<Integer> replicas = new ArrayList<>(ids);
      Collections.rotate(replicas, -number);
      created.add(PartitionImage.created(replicas, replicas));
    }
    controller.decide(new TopicCreated(TOPIC_ID, TOPIC, created, Map.of()));
    for (int number = 0; number < partitions; number++) {
      settle(number);
    }
    return this;
  }

  /** One broker: its disk stays, its process comes and goes. */
  final class Node {
    final int id;
    final SimDisk disk;
    final List<ClusterChange> unread = new ArrayList<>();
    SimScheduler.Process process;
    EventLoop control;
    Storage storage;
    Partitions partitions;
    boolean holdsLease = true;
    private boolean following;
    private boolean reading;
    private int runs;
    private int boots;

    Node(int id) {
      this.id = id;
      this.disk = new SimDisk(random.nextLong());
    }

    /** Starts a process, registers it, and takes it out of what it may have lost. */
    void launch() {
      process = sim.process("broker-" + id + "-" + ++runs);
      control = process.loop("control");
      List<EventLoop> shards = List.of(process.loop("shard-0"), process.loop("shard-1"));
      Uuid incarnation = new Uuid(id, runs);
      storage = sim.await(openStorage(shards), PATIENCE_MS);
      controller.register(id, incarnation, List.of(endpoint()));
      partitions =
          new Partitions(
              new Partitions.Ground(
                  id,
                  incarnation,
                  control,
                  storage,
                  (image, topic) -> LogConfig.of(topicConfig),
                  lagTimeMaxMs,
                  (asker, request) -> proposal(asker, request),
                  () -> holdsLease));
      EventLoop peers = process.loop("peers");
      AtomicInteger ids = new AtomicInteger();
      FetchHandler consumers =
          new FetchHandler(
              partitions,
              Authorizer.ALLOW_ALL,
              Quotas.UNLIMITED,
              1 << 20,
              10,
              ids::incrementAndGet,
              FetchCounters.of(new LocalMetrics()));
      ReplicaFetchHandler fetches =
          new ReplicaFetchHandler(consumers, partitions, () -> seen, ids::incrementAndGet);
      List<ApiHandler<?>> handlers =
          List.of(
              fetches,
              new ListOffsetsHandler(partitions, Authorizer.ALLOW_ALL),
              new ProduceHandler(partitions, Authorizer.ALLOW_ALL, Quotas.UNLIMITED));
      network.listen(
          address(), new SimPeerDoor(process, peers, host(), new Handlers(handlers), List.of()));
      replication =
          new Replication(
              control,
              leader -> process.loop("replication-" + leader),
              network.link(host(), process),
              partitions,
              FetchOptions.of(id, BrokerConfig.of(fetching)));
      sim.await(storage.registered(controller.image().broker(id).epoch()), PATIENCE_MS);
      unread.clear();
      unread.add(ClusterChange.all(controller.image()));
      following = true;
      readNext();
    }

    private Replication replication;
    private volatile ClusterImage seen = ClusterImage.EMPTY;

    private Future<Storage> openStorage(List<EventLoop> shards) {
      Promise<Storage> opened = Promise.promise();
      StorageOptions options =
          new StorageOptions(
              List.of(FOLDER),
              id,
              BrokerConfig.of(Map.of()),
              Optional.of("boot-" + boots),
              () -> new Uuid(id, random.nextLong() | 1),
              folder -> new FolderLocks.Lock(folder.toString(), () -> {}),
              false,
              coldAfterBytes,
              Belonging.Source.NONE,
              ProducerMemory.unlimited(LoadOptions.DEFAULT_PRODUCER_ID_EXPIRATION_MS),
              false);
      control.execute(
          () ->
              Storage.open(options, control, shards, files.apply(disk), new LocalMetrics())
                  .onComplete(opened));
      return opened.future();
    }

    private Future<AlterPartitionResponseData> proposal(
        EventLoop asker, AlterPartitionRequestData request) {
      Promise<AlterPartitionResponseData> answer = Promise.promise();
      SimScheduler.Process asking = process;
      sim.at(
          random.nextInt(random.nextInt(3) == 0 ? 400 : 20),
          () -> {
            boolean lost = random.nextInt(5) == 0;
            AlterPartitionResponseData told =
                random.nextInt(10) == 0 ? null : controller.alter(request);
            sim.at(
                random.nextInt(random.nextInt(3) == 0 ? 400 : 20),
                () -> {
                  if (asking.isAlive()) {
                    asker.execute(
                        () -> {
                          if (lost || told == null) {
                            answer.fail("lost");
                          } else {
                            answer.complete(told);
                          }
                        });
                  }
                });
          });
      return answer.future();
    }

    void inform(ClusterChange change) {
      if (following) {
        unread.add(change);
        readNext();
      }
    }

    private void readNext() {
      if (reading || unread.isEmpty()) {
        return;
      }
      reading = true;
      SimScheduler.Process reader = process;
      sim.at(
          random.nextInt(random.nextInt(6) == 0 ? 300 : 10),
          () -> {
            if (reader == process) {
              control.execute(() -> take(unread.remove(0), reader));
            }
          });
    }

    private void take(ClusterChange next, SimScheduler.Process reader) {
      seen = next.now();
      partitions.onImage(
          next,
          () ->
              replication.onImage(
                  next,
                  () -> {
                    if (reader == process) {
                      reading = false;
                      readNext();
                    }
                  }));
    }

    /** The process dies; the machine goes on. */
    void kill() {
      end();
      disk.killProcess();
    }

    /** The machine loses its power: what was not forced may be gone. */
    void cutPower() {
      end();
      boots++;
      disk.cutPower();
    }

    private void end() {
      following = false;
      reading = false;
      process.crash();
    }

    String host() {
      return "host-" + id;
    }

    PeerAddress address() {
      return new PeerAddress(host(), PEER_PORT);
    }

    private Endpoint endpoint() {
      return new Endpoint(Endpoint.PEER, "PLAINTEXT", host(), PEER_PORT);
    }

    boolean isAlive() {
      return process != null && process.isAlive();
    }

    /** How many partitions it pulls from their leaders. */
    int followed() {
      return sim.await(
          control.ask(control, () -> Future.succeededFuture(replication.followed())), PATIENCE_MS);
    }

    Partition partition(int number) {
      return partitions.get(TOPIC, number);
    }

    /** The replica that a consumer of that rack had better read from. */
    Future<Integer> preferred(int number, String rack, long offset) {
      Promise<Integer> answer = Promise.promise();
      control.execute(
          () -> partition(number).preferredReplica(control, rack, offset).onComplete(answer));
      return answer.future();
    }

    /** Appends a record as a client does. */
    Future<AppendOutcome> append(int number, int acks, String value) {
      return append(
          number,
          acks,
          Requests.batch(
              Requests.Origin.NONE,
              Compression.NONE,
              List.of(new Requests.Sent(null, value, sim.clock().wallMs()))));
    }

    Future<AppendOutcome> append(int number, int acks, MemoryRecords batch) {
      Promise<AppendOutcome> answer = Promise.promise();
      control.execute(
          () ->
              partition(number)
                  .append(control, batch.buffer(), (short) acks, 5_000, () -> {})
                  .onComplete(answer));
      return answer.future();
    }

    /** All values of a partition's log in order, checked batch by batch. */
    Map<Long, String> read(int number) {
      Map<Long, String> values = new TreeMap<>();
      Partition partition = partition(number);
      long offset = partition.view().logStartOffset();
      while (offset < partition.view().logEndOffset()) {
        LogSlice slice =
            partition.view().read(offset, 1 << 20, partition.view().logEndOffset(), true);
        try {
          ByteBuffer bytes = slice.read();
          for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
              values.put(
                  record.offset(), batch.partitionLeaderEpoch() + ":" + text(record.value()));
            }
            offset = batch.nextOffset();
          }
        } finally {
          slice.release();
        }
      }
      return values;
    }
  }

  private static String text(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Waits until all live brokers have the same log and high watermark, and all are in sync. */
  void settle(int number) {
    sim.runUntil(
        () -> {
          PartitionImage now = controller.decided(number);
          if (now.leader() < 0 || now.isr().size() < nodes.size()) {
            return false;
          }
          Partition leader = nodes.get(now.leader()).partition(number);
          long end = leader == null ? -1 : leader.logEndOffset();
          return end >= 0
              && nodes.values().stream()
                  .map(node -> node.partition(number))
                  .allMatch(p -> p != null && p.logEndOffset() == end && p.highWatermark() == end);
        },
        PATIENCE_MS);
  }

  /** Does something to each node. */
  void each(Consumer<Node> step) {
    nodes.values().forEach(step);
  }

  /** An empty map of topic configs with these pairs. */
  static Map<String, String> config(String... pairs) {
    Map<String, String> config = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      config.put(pairs[i], pairs[i + 1]);
    }
    return config;
  }
}
