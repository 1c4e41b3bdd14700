package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metrics.Metrics;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to all logs of this broker. Results complete on the control loop unless said otherwise.
 *
 * <p>Thread-safe.
 */
public final class Storage {

  private Storage() {}

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
    throw new UnsupportedOperationException();
  }

  /** {@code cluster.id}: the one in {@code meta.properties}, or a new one on empty folders. */
  public String clusterId() {
    throw new UnsupportedOperationException();
  }

  /** Whether bytes that a previous run had acknowledged may be missing; the cluster is told. */
  public boolean startedUnclean() {
    throw new UnsupportedOperationException();
  }

  /**
   * Says that recovery is over and this broker's registration is committed: from now on the folders
   * are trusted after the death of the process alone.
   */
  public Future<Void> registered(long brokerEpoch) {
    throw new UnsupportedOperationException();
  }

  /**
   * Claims a partition's log: the one that is there, with new settings, or a new one. Calling it
   * again changes the settings.
   *
   * @return fails with {@link io.millrace.storage.log.AppendException} of KAFKA_STORAGE_ERROR when
   *     no folder is online or the log could not be opened
   */
  public Future<StoredLog> create(TopicIdPartition id, LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /** Deletes a partition's log; no effect when there is none. Files go a little later. */
  public Future<Void> delete(TopicIdPartition id) {
    throw new UnsupportedOperationException();
  }

  /** The log of a partition; null when there is none. */
  public @Nullable StoredLog get(TopicPartition partition) {
    throw new UnsupportedOperationException();
  }

  /** All logs that are open. */
  public List<StoredLog> logs() {
    throw new UnsupportedOperationException();
  }

  /** Logs that were found at the start and that nobody has claimed: strays, or an import's. */
  public List<StoredLog> unclaimed() {
    throw new UnsupportedOperationException();
  }

  /**
   * Sets aside every log that nobody has claimed. Call it when the metadata has passed this
   * broker's own registration. They are kept for a day.
   *
   * @return what was set aside
   */
  public Future<List<TopicPartition>> setStraysAside() {
    throw new UnsupportedOperationException();
  }

  /** The folders, in the order of {@code log.dirs}. */
  public List<LogFolder> folders() {
    throw new UnsupportedOperationException();
  }

  /** The loop that owns a partition. */
  public EventLoop shardOf(TopicPartition partition) {
    throw new UnsupportedOperationException();
  }

  /** Called on the control loop, once for each folder that fails. */
  public void onFolderFailure(Consumer<LogFolder> listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * Stops cleanly: flushes, closes, and writes the marker that spares the next start its recovery.
   */
  public Future<Void> close() {
    throw new UnsupportedOperationException();
  }
}
