package io.millrace.storage;

import io.millrace.config.BrokerConfig;
import io.millrace.config.LogConfig;
import io.millrace.config.ServerKeys;
import io.millrace.config.StorageKeys;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.ProducerMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * What storage needs to know when it is opened.
 *
 * @param folders {@code log.dirs}; at least one, none twice
 * @param nodeId id of this broker, for {@code meta.properties}; -1 when it is not written down
 * @param config the broker's settings
 * @param bootId the kernel's boot id; empty where there is none
 * @param ids gives new ids: of the cluster, of folders, of deleted folders
 * @param locks takes {@code .lock} in each folder
 * @param importing whether folders of Apache Kafka may be taken over
 * @param coldAfterBytes distance from a log's end at which bytes count as not in memory
 * @param belonging whose the folders are when they do not say it themselves any more
 * @param producers how long and how many producers are remembered
 * @param givesUpFolders whether what lay in folders that are gone is given up
 */
public record StorageOptions(
    List<Path> folders,
    int nodeId,
    BrokerConfig config,
    Optional<String> bootId,
    Supplier<Uuid> ids,
    FolderLocks locks,
    boolean importing,
    long coldAfterBytes,
    Belonging.Source belonging,
    ProducerMemory producers,
    boolean givesUpFolders) {

  /** As the settings say, with real locks. */
  public static StorageOptions of(
      BrokerConfig config,
      Optional<String> bootId,
      Supplier<Uuid> ids,
      boolean importing,
      Belonging.Source belonging,
      ProducerMemory producers,
      boolean givesUpFolders) {
    List<Path> folders =
        config.get(StorageKeys.LOG_DIRS).stream()
            .map(each -> Path.of(each).toAbsolutePath().normalize())
            .distinct()
            .toList();
    return new StorageOptions(
        folders,
        config.get(ServerKeys.NODE_ID),
        config,
        bootId,
        ids,
        FolderLocks.ON_DISK,
        importing,
        LoadOptions.DEFAULT_COLD_AFTER_BYTES,
        belonging,
        producers,
        givesUpFolders);
  }

  /**
   * How a log is loaded that is new, or was closed properly and lost nothing.
   *
   * @param logStartOffset 0 when it is new
   */
  LoadOptions clean(long logStartOffset, long nowMs) {
    return new LoadOptions(true, 0, logStartOffset, nowMs, producers, coldAfterBytes);
  }

  /** Settings of a log whose topic nobody has named yet. */
  LogConfig defaultLogConfig() {
    return LogConfig.of(config, Map.of());
  }
}
