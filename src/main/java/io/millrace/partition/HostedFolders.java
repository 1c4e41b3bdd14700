package io.millrace.partition;

import io.millrace.config.StorageKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.model.TopicPartition;
import io.millrace.partition.HostedFolder.HostedLog;
import io.millrace.storage.FutureLog;
import io.millrace.storage.LogFolder;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** The log folders of this broker, and the moves between them (KIP-113). Thread-safe. */
final class HostedFolders {
  private static final int FUTURE_NAME_TAIL = ".".length() + 32 + "-future".length();
  private static final int FOLDER_NAME_MAX = 255;

  private final int brokerId;
  private final EventLoop control;
  private final Storage storage;

  HostedFolders(int brokerId, EventLoop control, Storage storage) {
    this.brokerId = brokerId;
    this.control = control;
    this.storage = storage;
  }

  /** The folders, those that could not be opened too, with the logs of these partitions. */
  List<HostedFolder> describe(Collection<Partition> partitions) {
    Map<TopicPartition, StoredLog> stored = new HashMap<>();
    Map<Path, List<HostedLog>> logs = new HashMap<>();
    for (Partition partition : partitions) {
      LocalReplica replica = partition.replica();
      if (replica != null) {
        TopicPartition id = partition.id().topicPartition();
        LogView view = replica.stored().view();
        long lag = view.logEndOffset() - view.highWatermark();
        stored.put(id, replica.stored());
        add(logs, replica.stored().folder(), new HostedLog(id, view.sizeBytes(), lag, false));
      }
    }
    for (FutureLog future : storage.futureLogs()) {
      StoredLog followed = stored.get(future.partition());
      if (followed != null && followed.folder() != future.folder()) {
        long lag = Math.max(0, followed.view().logEndOffset() - future.endOffset());
        add(
            logs,
            future.folder(),
            new HostedLog(future.partition(), future.sizeBytes(), lag, true));
      }
    }
    List<HostedFolder> all = new ArrayList<>();
    for (LogFolder each : storage.folders()) {
      all.add(
          new HostedFolder(
              each.path(),
              each.isOnline(),
              each.totalBytes(),
              each.usableBytes(),
              logs.getOrDefault(each.path(), List.of())));
    }
    for (Path broken : storage.brokenFolders()) {
      all.add(new HostedFolder(broken, false, -1, -1, List.of()));
    }
    return all;
  }

  private static void add(Map<Path, List<HostedLog>> logs, LogFolder folder, HostedLog log) {
    logs.computeIfAbsent(folder.path(), path -> new ArrayList<>()).add(log);
  }

  /** As {@link Partitions#moveLog}. */
  Future<Errors> move(EventLoop caller, TopicPartition partition, String folder) {
    if (partition.folderName().length() + FUTURE_NAME_TAIL > FOLDER_NAME_MAX) {
      return Future.succeededFuture(Errors.INVALID_TOPIC_EXCEPTION);
    }
    return caller
        .ask(control, () -> storage.move(partition, folder))
        .map(begun -> Errors.NONE)
        .otherwise(
            cause ->
                cause instanceof AppendException refused
                    ? refused.error()
                    : Errors.UNKNOWN_SERVER_ERROR);
  }

  /** Sets the rate of moves: this broker's own setting, else all brokers', else the file's. */
  void limitMoves(ClusterImage image) {
    EffectiveConfigs.set(
            image, brokerId, StorageKeys.REPLICA_ALTER_LOG_DIRS_IO_MAX_BYTES_PER_SECOND)
        .ifPresentOrElse(storage::limitMoves, storage::limitMovesAsStarted);
  }
}
