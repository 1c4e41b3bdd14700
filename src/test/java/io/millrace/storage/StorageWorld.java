package io.millrace.storage;

import io.millrace.config.BrokerConfig;
import io.millrace.config.LogConfig;
import io.millrace.config.StorageKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metrics.LocalMetrics;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.record.BatchBuilder;
import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import io.millrace.storage.log.ProducerMemory;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Storage on simulated loops: starts it, appends to it, reads it back, crashes it. */
final class StorageWorld {
  private static final long PATIENCE_MS = 600_000;

  final SimScheduler world;
  final LogFiles files;
  final List<Path> folders;
  final Map<String, String> brokerConfig = new HashMap<>();
  private long nextId = 1;
  String bootId = "boot-1";
  String place = "here";
  boolean importing;
  boolean givesUpFolders;
  int nodeId = 1;
  @Nullable Belonging belonging;

  SimScheduler.Process process;
  EventLoop control;
  List<EventLoop> shards;
  LocalMetrics metrics;
  Storage storage;

  StorageWorld(long seed, LogFiles files, Path... folders) {
    this.world = new SimScheduler(seed);
    this.files = files;
    this.folders = new ArrayList<>(List.of(folders));
  }

  /** Ids that the seed decides. */
  Uuid newId() {
    return new Uuid(0x4000_0000L + nextId++, world.random().nextLong() | Long.MIN_VALUE);
  }

  Future<Storage> begin() {
    process = world.process("broker");
    control = process.loop("control");
    shards = List.of(process.loop("shard-0"), process.loop("shard-1"));
    metrics = new LocalMetrics();
    BrokerConfig config = BrokerConfig.of(brokerConfig);
    StorageOptions options =
        new StorageOptions(
            folders,
            nodeId,
            config,
            Optional.of(bootId),
            this::newId,
            folder -> new FolderLocks.Lock(place, () -> {}),
            importing,
            LoadOptions.DEFAULT_COLD_AFTER_BYTES,
            () -> belonging,
            ProducerMemory.unlimited(config.get(StorageKeys.PRODUCER_ID_EXPIRATION_MS)),
            givesUpFolders);
    return Storage.open(options, control, shards, files, metrics);
  }

  StorageWorld start() {
    storage = world.await(begin(), PATIENCE_MS);
    world.await(storage.registered(1), PATIENCE_MS);
    return this;
  }

  void stop() {
    world.await(storage.close(), PATIENCE_MS);
    process.crash();
  }

  StoredLog create(String topic, int partition, String... config) {
    return create(idOf(topic, partition), config);
  }

  static TopicIdPartition idOf(String topic, int partition) {
    return new TopicIdPartition(
        new Uuid(0x4000L, topic.hashCode()), new TopicPartition(topic, partition));
  }

  StoredLog create(TopicIdPartition id, String... config) {
    return world.await(storage.create(id, config(config)), PATIENCE_MS);
  }

  static LogConfig config(String... pairs) {
    Map<String, String> overrides = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      overrides.put(pairs[i], pairs[i + 1]);
    }
    return LogConfig.of(overrides);
  }

  /** Appends a batch of these values; the high watermark follows as a lone leader's does. */
  Future<LogAppend> append(StoredLog log, String... values) {
    return append(log, batch(world.clock().wallMs(), values));
  }

  Future<LogAppend> append(StoredLog log, ByteBuffer batch) {
    return control.ask(
        log.shard(),
        () ->
            log.append(batch, AppendOrigin.CLIENT, 0, () -> {})
                .onSuccess(done -> log.log().advanceHighWatermark(log.acknowledgedEnd())));
  }

  LogAppend appended(StoredLog log, String... values) {
    return world.await(append(log, values), PATIENCE_MS);
  }

  /**
   * Keys are what stands before {@code =} in a value, if it is there; {@code k=} is a tombstone.
   */
  static ByteBuffer batch(long timestampMs, String... values) {
    BatchBuilder builder = new BatchBuilder();
    for (String value : values) {
      int eq = value.indexOf('=');
      ByteBuffer key = eq < 0 ? null : bytes(value.substring(0, eq));
      String rest = value.substring(eq + 1);
      builder.add(timestampMs, key, eq >= 0 && rest.isEmpty() ? null : bytes(rest));
    }
    ByteBuffer built = builder.build();
    return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** All records of a view by offset, as {@link #batch} takes them. */
  static Map<Long, String> read(LogView view) {
    Map<Long, String> values = new TreeMap<>();
    long offset = view.logStartOffset();
    while (offset < view.logEndOffset()) {
      LogSlice slice = view.read(offset, 1 << 20, view.logEndOffset(), true);
      if (slice == null) {
        throw new AssertionError("offset " + offset + " is not in " + view);
      }
      ByteBuffer bytes = slice.read();
      slice.release();
      BatchView batch = new BatchView();
      int at = bytes.position();
      if (at == bytes.limit()) {
        return values;
      }
      while (at < bytes.limit()) {
        batch.wrap(bytes, at);
        if (bytes.limit() - at < BatchView.HEADER_BYTES
            || batch.sizeBytes() < BatchView.HEADER_BYTES
            || batch.sizeBytes() > bytes.limit() - at
            || !batch.crcMatches()) {
          throw new AssertionError(
              "damaged at " + (slice.position() + at) + " behind offset " + offset + ": " + batch);
        }
        readBatch(batch, values);
        offset = Math.max(offset, batch.nextOffset());
        at = batch.end();
      }
    }
    values.keySet().removeIf(each -> each < view.logStartOffset());
    return values;
  }

  private static void readBatch(BatchView batch, Map<Long, String> values) {
    if (batch.count() == 0) {
      return;
    }
    try {
      RecordIterator records =
          new RecordIterator(batch, BatchDecoder.records(batch, Integer.MAX_VALUE - 16));
      while (records.next()) {
        String key = records.hasKey() ? text(records.key()) + "=" : "";
        values.put(records.offset(), key + (records.hasValue() ? text(records.value()) : ""));
      }
    } catch (InvalidRecordsException e) {
      throw new AssertionError(batch.toString(), e);
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  List<String> values(StoredLog log) {
    return new ArrayList<>(read(log.view()).values());
  }
}
