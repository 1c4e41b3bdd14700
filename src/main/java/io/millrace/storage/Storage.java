package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.config.StorageKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metrics.Metrics;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to all logs of this broker. Results complete on the control loop.
 *
 * <p>Thread-safe.
 */
public final class Storage {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final String MARKING = "writing its clean-stop marker";

  private final EventLoop control;
  private final StorageOptions options;
  private final LogFiles files;
  private final List<Folder> folders;
  private final List<ImportedLog> imported;
  private final int nodeId;
  private final boolean unclean;
  private final Logs logs;
  private final FolderCheckpoints checkpoints;
  private final List<Housekeeping> housekeeping;
  private final FolderNews news;
  private final FolderMoves moves;
  private final List<Path> broken;
  private final Promise<FolderLoss> lost = Promise.promise();

  /** All folders, also those that are absent, by their ids. */
  private final Map<Uuid, String> known;

  // Owner: the control loop; read by any thread.
  private volatile String clusterId;

  // Owner: the control loop.
  private long brokerEpoch = -1;

  Storage(
      StorageParts parts,
      List<ImportedLog> imported,
      String clusterId,
      int nodeId,
      boolean unclean) {
    this.control = parts.control();
    this.options = parts.options();
    this.files = parts.files();
    this.folders = parts.folders();
    this.logs = parts.logs();
    this.checkpoints = parts.checkpoints();
    this.housekeeping = parts.housekeeping();
    this.news = parts.news();
    this.moves = parts.moves();
    this.broken = parts.broken();
    Map<Uuid, String> all = new HashMap<>(parts.absent());
    folders.forEach(each -> all.put(each.directoryId(), each.path().toString()));
    this.known = Map.copyOf(all);
    this.imported = imported;
    this.clusterId = clusterId;
    this.nodeId = nodeId;
    this.unclean = unclean;
    news.onFailure(failed -> lookForLoss());
  }

  private void lookForLoss() {
    if (folders.stream().noneMatch(Folder::isOnline)) {
      FolderLoss.of(folders, control).onSuccess(lost::tryComplete);
    }
  }

  /**
   * Completes on the control loop when the last of the folders has failed while the broker ran.
   * Never completes otherwise.
   */
  public Future<FolderLoss> lost() {
    return lost.future();
  }

  /** What storage is made of. */
  record StorageParts(
      StorageOptions options,
      EventLoop control,
      LogFiles files,
      List<Folder> folders,
      Logs logs,
      FolderCheckpoints checkpoints,
      List<Housekeeping> housekeeping,
      FolderNews news,
      FolderMoves moves,
      List<Path> broken,
      Map<Uuid, String> absent) {}

  /**
   * Locks and checks the folders, and opens every log in them, in parallel; after a crash recovers
   * them. Nothing is deleted by retention before a log was claimed by {@link #create}.
   *
   * @param control the broker's control loop; the result completes on it
   * @param shards loops that may block on files; at least one
   * @return fails with {@link StorageException}, whose message is for the operator
   */
  public static Future<Storage> open(
      StorageOptions options,
      EventLoop control,
      List<EventLoop> shards,
      LogFiles files,
      Metrics metrics) {
    return control.ask(
        control, () -> new StorageStart(options, control, shards, files, metrics).run());
  }

  /** {@code cluster.id}: the one in {@code meta.properties}, or a new one on empty folders. */
  public String clusterId() {
    return clusterId;
  }

  /**
   * Writes another {@code cluster.id} into the folders: that of the cluster which this broker
   * joins. For a broker that belongs to none yet.
   */
  public Future<Void> joins(String newClusterId) {
    return onControl(
        () -> {
          clusterId = newClusterId;
          return inEachFolder(
              "writing its cluster's id",
              folder ->
                  FolderIdentity.writeMeta(
                      files,
                      folder.path(),
                      new FolderIdentity.Meta(newClusterId, nodeId, folder.directoryId())));
        });
  }

  /** Id of this broker: as written down, else as in the folders, else 0. */
  public int nodeId() {
    return nodeId;
  }

  /**
   * Logs that were found in folders of Apache Kafka and that the metadata does not know yet. They
   * must be in the metadata before {@link #registered} is called.
   */
  public List<ImportedLog> imported() {
    return imported;
  }

  /** Whether bytes that a previous run had acknowledged may be missing; the cluster is told. */
  public boolean startedUnclean() {
    return unclean;
  }

  /**
   * Epoch of the registration that the folders hold, -1 when they hold none; asked before {@link
   * #registered}.
   */
  public Future<Long> previousEpoch() {
    return control.ask(
        control,
        () ->
            control.offload(
                Work.HOUSEKEEPING,
                () -> {
                  long epoch = -1;
                  for (Folder folder : folders) {
                    epoch = Math.max(epoch, folder.isOnline() ? epochOnDisk(folder) : -1);
                  }
                  return epoch;
                }));
  }

  /**
   * Says that recovery is over and this broker's registration is committed: from now on the folders
   * are trusted after the death of the process alone.
   */
  public Future<Void> registered(long brokerEpoch) {
    return onControl(
        () -> {
          this.brokerEpoch = brokerEpoch;
          return inEachFolder(
              "writing its identity", folder -> writeIdentityIfItHasRoom(folder, brokerEpoch));
        });
  }

  /** Without it the next start is an unclean one, unless the stop can write it. */
  private void writeIdentityIfItHasRoom(Folder folder, long epoch) throws IOException {
    try {
      writeIdentity(folder, epoch);
    } catch (IOException e) {
      if (!folder.isFull(e)) {
        throw e;
      }
      LOG.warn("{} has no room for what a later start trusts ({})", folder, e.getMessage());
    }
  }

  private void writeIdentity(Folder folder, long epoch) throws IOException {
    FolderIdentity.writeOurs(
        files,
        folder.path(),
        new FolderIdentity.Ours(options.bootId().orElse(""), epoch, folder.place(), known));
  }

  /**
   * Claims a partition's log: the one that is there, with new settings, or a new one. Calling it
   * again changes the settings.
   *
   * @return fails with {@link io.millrace.storage.log.AppendException} of KAFKA_STORAGE_ERROR when
   *     no folder is online or the log could not be opened
   */
  public Future<StoredLog> create(TopicIdPartition id, LogConfig config) {
    return create(id, config, log -> log);
  }

  /**
   * As {@link #create(TopicIdPartition, LogConfig)}.
   *
   * @param then what follows on the log's shard, in the same step where that can be
   * @return what {@code then} gave
   */
  public <T> Future<T> create(TopicIdPartition id, LogConfig config, Function<StoredLog, T> then) {
    return onControl(() -> logs.claim(id, config, then));
  }

  /** Deletes a partition's log; no effect when there is none. Files go a little later. */
  public Future<Void> delete(TopicIdPartition id) {
    return onControl(() -> logs.delete(id));
  }

  /** The log of a partition; null when there is none. */
  public @Nullable StoredLog get(TopicPartition partition) {
    return logs.get(partition);
  }

  /** All logs that are open. */
  public List<StoredLog> logs() {
    return List.copyOf(logs.all());
  }

  /** Logs that were found at the start and that nobody has claimed: strays, or an import's. */
  public List<StoredLog> unclaimed() {
    return logs.all().stream().filter(log -> !log.isClaimed()).toList();
  }

  /**
   * Sets aside every log that nobody has claimed, save those that belong here all the same: whoever
   * failed to open them, their records are not what nobody wants. Call it when the metadata has
   * passed this broker's own registration. They are kept.
   *
   * @param belongs whether the metadata has a replica of the partition here
   * @return what was set aside
   */
  public Future<List<TopicPartition>> setStraysAside(Predicate<TopicIdPartition> belongs) {
    return onControl(() -> logs.setStraysAside(belongs));
  }

  /** The folders that could be opened, in the order of {@code log.dirs}. */
  public List<LogFolder> folders() {
    return List.copyOf(folders);
  }

  /** Those of {@code log.dirs} that could not be opened; absolute. */
  public List<Path> brokenFolders() {
    return broken;
  }

  /**
   * Begins to move a partition's log to another of {@code log.dirs} (KIP-113): a copy follows it
   * and takes its place. A partition that is not here yet will be made there.
   *
   * @param folder as it stands in {@code log.dirs}, absolute
   * @return completes when the move is on its way, or there is nothing to do; fails with {@link
   *     AppendException}: LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR when this or another folder is
   *     offline, REPLICA_NOT_AVAILABLE when the partition is not here
   */
  public Future<Void> move(TopicPartition partition, String folder) {
    return onControl(
        () -> {
          Path wanted;
          try {
            wanted = Path.of(folder);
          } catch (InvalidPathException e) {
            return refused(Errors.LOG_DIR_NOT_FOUND, "No folder is called " + folder);
          }
          if (broken.contains(wanted)) {
            return refused(Errors.KAFKA_STORAGE_ERROR, "The folder " + folder + " is offline");
          }
          for (Folder each : folders) {
            if (each.path().equals(wanted)) {
              return logs.move(partition, each);
            }
          }
          return refused(Errors.LOG_DIR_NOT_FOUND, folder + " is none of log.dirs");
        });
  }

  private static <T> Future<T> refused(Errors error, String message) {
    return Future.failedFuture(new AppendException(error, message));
  }

  /** Logs that are on their way to another folder. */
  public List<FutureLog> futureLogs() {
    return moves.futures();
  }

  /** Sets what all moves together may copy in a second; {@link Long#MAX_VALUE}: all they can. */
  public void limitMoves(long bytesPerSecond) {
    moves.rate().set(bytesPerSecond);
  }

  /** Sets that limit back to what the settings of the start say. */
  public void limitMovesAsStarted() {
    limitMoves(options.config().get(StorageKeys.REPLICA_ALTER_LOG_DIRS_IO_MAX_BYTES_PER_SECOND));
  }

  /** The loop that owns a partition. */
  public EventLoop shardOf(TopicPartition partition) {
    return logs.shardOf(partition).loop();
  }

  /**
   * Has {@code listener} called on the control loop, once for each folder that fails from now on.
   */
  public void onFolderFailure(Consumer<LogFolder> listener) {
    control.execute(() -> news.onFailure(listener));
  }

  /**
   * Has {@code listener} called on the control loop with each log that goes offline from now on
   * although its folder does not.
   */
  public void onLogFailure(Consumer<StoredLog> listener) {
    control.execute(() -> news.onLogFailure(listener));
  }

  /**
   * Has {@code listener} called on the control loop whenever {@link StoredLog#hasRoom} may have
   * changed for the logs in a folder.
   */
  public void onRoom(Consumer<LogFolder> listener) {
    control.execute(() -> news.onRoom(listener));
  }

  /**
   * Stops cleanly: flushes, closes, and writes the marker that spares the next start its recovery.
   * Folders in which something fails get no marker.
   */
  public Future<Void> close() {
    return onControl(
        () ->
            stopHousekeeping()
                .compose(stopped -> moves.stop())
                .compose(stopped -> logs.closeAll())
                .compose(closed -> writeCheckpoints())
                .compose(written -> markFolders())
                .onComplete(done -> folders.forEach(Folder::unlock)));
  }

  private Future<Void> stopHousekeeping() {
    List<Future<?>> stops = new ArrayList<>();
    for (Housekeeping each : housekeeping) {
      stops.add(control.ask(each.loop(), each::stop));
    }
    return Future.join(stops).mapEmpty();
  }

  private Future<Void> writeCheckpoints() {
    List<Future<?>> writes = new ArrayList<>();
    for (Folder folder : folders) {
      if (folder.isOnline()) {
        writes.add(checkpoints.write(folder, control).otherwiseEmpty());
      }
    }
    return Future.join(writes).mapEmpty();
  }

  /**
   * What is missing since a power cut is told with the registration: a run that was never
   * registered leaves it to the next one.
   */
  private Future<Void> markFolders() {
    return unclean && brokerEpoch < 0
        ? Future.succeededFuture()
        : inEachFolder(MARKING, this::markIfItHasRoom);
  }

  private void markIfItHasRoom(Folder folder) {
    if (folder.hasFailedLog()) {
      return; // what it took and did not force is to be looked for
    }
    try {
      mark(folder);
    } catch (IOException e) {
      folder.failAtStop(MARKING, e);
    }
  }

  private void mark(Folder folder) throws IOException {
    if (brokerEpoch > epochOnDisk(folder)) {
      writeIdentity(folder, brokerEpoch); // there was no room for it before
    }
    FolderIdentity.writeMarker(files, folder.path(), Math.max(brokerEpoch, epochOnDisk(folder)));
  }

  /**
   * A run that was never registered leaves the epoch of the one before, so the marker has it too.
   */
  private long epochOnDisk(Folder folder) throws IOException {
    FolderIdentity.Ours ours = FolderIdentity.readOurs(files, folder.path());
    return ours == null ? -1 : ours.brokerEpoch();
  }

  private interface FolderStep {
    void run(Folder folder) throws IOException;
  }

  private Future<Void> inEachFolder(String doing, FolderStep step) {
    List<Future<?>> all = new ArrayList<>();
    for (Folder folder : folders) {
      if (folder.isOnline()) {
        all.add(
            control
                .offload(
                    Work.HOUSEKEEPING,
                    folder.path(),
                    () -> {
                      step.run(folder);
                      return null;
                    })
                .onFailure(cause -> folder.fail(doing, cause))
                .otherwiseEmpty());
      }
    }
    return Future.join(all).mapEmpty();
  }

  private <T> Future<T> onControl(Supplier<Future<T>> call) {
    if (control.isOwner()) {
      return call.get();
    }
    Promise<T> answer = Promise.promise();
    control.execute(() -> call.get().onComplete(answer));
    return answer.future();
  }
}
