package io.millrace.storage;

import io.millrace.config.StorageKeys;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.FolderIdentity.Meta;
import io.millrace.storage.FolderIdentity.Ours;
import io.millrace.storage.log.FileNames;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.OffsetCheckpoint;
import io.millrace.storage.log.OpenTransactions;
import io.millrace.storage.log.PartitionMetadata;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes possession of one log folder: lock, identity, what the last run left behind, and the list
 * of partitions. No log is read yet.
 *
 * <p>Confined to: the worker that opens the folder; it blocks.
 */
final class FolderOpening {
  private static final Logger LOG = LoggerFactory.getLogger(FolderOpening.class);

  /** What the names of our folders of metadata begin with; Kafka's has a partition's number. */
  private static final String OUR_METADATA = "__cluster_metadata-";

  /** How many open transactions a refusal names. */
  private static final int OPEN_SHOWN_MAX = 5;

  /** How the last run on a folder ended, which decides what may be trusted. */
  enum LastRun {
    /** There was none. */
    NONE,
    /** Everything was flushed and closed. */
    CLEAN,
    /** The process died, the kernel did not: what was written is there. */
    PROCESS_DIED,
    /** Anything else: what was not forced may be gone. */
    UNCLEAN
  }

  /**
   * A partition's folder that was found.
   *
   * @param id with the zero id when the folder has no topic id
   */
  record Found(Path dir, TopicIdPartition id, FolderName.Kind kind) {}

  /**
   * A folder that was opened.
   *
   * @param imported whether its partitions come from Apache Kafka and are not in the metadata yet:
   *     it is foreign, or the run that took it over ended before it was registered
   * @param inUse whether a broker of ours was registered with it, or has partitions in it
   * @param meta whose it says that it is; null on a folder that is new
   * @param known all folders that its broker had when it was registered last
   */
  record Opened(
      Folder folder,
      LastRun lastRun,
      boolean imported,
      boolean inUse,
      @Nullable Meta meta,
      Map<Uuid, String> known,
      List<Found> partitions,
      Map<TopicPartition, Long> recoveryPoints,
      Map<TopicPartition, Long> logStarts,
      Map<TopicPartition, Long> highWatermarks,
      Map<TopicPartition, Long> cleaned) {}

  private final StorageOptions options;
  private final LogFiles files;
  private final Path path;
  private final FolderNews news;

  FolderOpening(StorageOptions options, LogFiles files, Path path, FolderNews news) {
    this.options = options;
    this.files = files;
    this.path = path.toAbsolutePath().normalize();
    this.news = news;
  }

  /**
   * Opens the folder.
   *
   * @throws StorageException when it must not be opened
   * @throws IOException when it cannot be used
   */
  Opened open() throws IOException {
    createDurably(path);
    FolderLocks.Lock lock = options.locks().lock(path);
    try {
      return openLocked(lock);
    } catch (IOException | RuntimeException e) {
      try {
        lock.release().close();
      } catch (Exception suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private void createDurably(Path dir) throws IOException {
    Path parent = dir.getParent();
    if (files.exists(dir) || parent == null) {
      return;
    }
    createDurably(parent);
    files.createDirectories(dir);
    files.forceDirectory(parent);
  }

  private Opened openLocked(FolderLocks.Lock lock) throws IOException {
    Meta meta = FolderIdentity.readMeta(files, path);
    Ours ours = FolderIdentity.readOurs(files, path);
    if (ours == null && holdsOurMetadata()) {
      LOG.warn("{} has lost its {}: what was not forced may be missing", path, FolderIdentity.OURS);
      ours = new Ours("", -1, "");
    }
    List<Found> partitions = partitions();
    boolean inUse = (ours != null && ours.brokerEpoch() >= 0) || !partitions.isEmpty();
    boolean foreign = ours == null && (meta != null || inUse);
    if (foreign && !options.importing()) {
      throw new StorageException(
          "The folder "
              + path
              + " holds data of Apache Kafka ("
              + partitions.size()
              + " partitions): take it over with 'start --import', or choose other log.dirs.");
    }
    if (foreign && FolderIdentity.readMarker(files, path).isEmpty()) {
      // What may be trusted in it, only the Kafka that wrote it can tell.
      throw new StorageException(
          "The folder "
              + path
              + " was not closed by Apache Kafka: start that Kafka once more and stop it, then"
              + " import.");
    }
    if (foreign) {
      refuseOpenTransactions(partitions);
    }
    checkNode(meta);
    LastRun lastRun = lastRun(lock, ours, foreign);
    Uuid directoryId = meta == null ? null : meta.directoryId();
    if (directoryId == null) {
      directoryId = rememberedId(ours).orElseGet(options.ids());
    }
    Folder folder =
        new Folder(
            files,
            path,
            directoryId,
            lock,
            options.config().get(StorageKeys.DISK_RESERVE_BYTES),
            news);
    Opened opened =
        new Opened(
            folder,
            lastRun,
            foreign || (ours != null && ours.brokerEpoch() < 0 && !partitions.isEmpty()),
            inUse && !foreign,
            meta,
            ours == null ? Map.of() : ours.folders(),
            partitions,
            checkpoint(OffsetCheckpoint.RECOVERY_POINTS),
            checkpoint(OffsetCheckpoint.LOG_STARTS),
            checkpoint(OffsetCheckpoint.HIGH_WATERMARKS),
            checkpoint(OffsetCheckpoint.CLEANED));
    folder.measure();
    return opened;
  }

  /**
   * Makes the folder ours, once all folders agree. Before this call nothing in it was changed. One
   * of Kafka stays marked as such until the broker is registered with its topics, so that an import
   * which was cut off is begun again.
   */
  static void take(LogFiles files, Opened opened, String clusterId, int nodeId) throws IOException {
    Path path = opened.folder().path();
    if (!opened.imported() && FolderIdentity.readOurs(files, path) == null) {
      // First: a folder with meta.properties and without this file counts as Kafka's.
      FolderIdentity.writeOurs(files, path, new Ours("", -1, opened.folder().place()));
    }
    Meta meta = new Meta(clusterId, nodeId, opened.folder().directoryId());
    if (!meta.equals(opened.meta())) { // a disk that is full takes no new file
      FolderIdentity.writeMeta(files, path, meta);
    }
    FolderIdentity.removeMarker(files, path);
  }

  /**
   * The id that the folder had when its broker was registered last: with another one it would count
   * as a new folder, and as gone at the same time.
   */
  private Optional<Uuid> rememberedId(@Nullable Ours ours) {
    return ours == null
        ? Optional.empty()
        : ours.folders().entrySet().stream()
            .filter(each -> each.getValue().equals(path.toString()))
            .map(Map.Entry::getKey)
            .findFirst();
  }

  /** Whether a broker of ours has begun its metadata here, which Kafka never does. */
  private boolean holdsOurMetadata() throws IOException {
    return files.list(path).stream()
        .map(each -> each.getFileName().toString())
        .anyMatch(name -> name.startsWith(OUR_METADATA) && FolderName.parse(name) == null);
  }

  /**
   * Nobody here could end them: readers of what is committed would stand still before them for
   * ever, and so would those whose offsets they are to set.
   */
  private void refuseOpenTransactions(List<Found> partitions) throws IOException {
    List<String> open = new ArrayList<>();
    for (Found each : partitions) {
      if (each.kind() == FolderName.Kind.LIVE) {
        for (long producer : OpenTransactions.producers(files, each.dir())) {
          open.add(each.id().topicPartition() + " (producer " + producer + ")");
        }
      }
    }
    if (!open.isEmpty()) {
      String first = String.join(", ", open.subList(0, Math.min(open.size(), OPEN_SHOWN_MAX)));
      throw new StorageException(
          "The folder "
              + path
              + " holds transactions of Apache Kafka that have not ended, in "
              + first
              + (open.size() > OPEN_SHOWN_MAX ? " and others" : "")
              + ": start that Kafka once more until it has ended them, which it does after their"
              + " timeout (kafka-transactions.sh list and find-hanging show them,"
              + " forceTerminateTransaction and abort end them), stop it, then import.");
    }
  }

  private void checkNode(@Nullable Meta meta) {
    boolean bothKnown = meta != null && meta.nodeId() >= 0 && options.nodeId() >= 0;
    if (bothKnown && meta.nodeId() != options.nodeId()) {
      throw new StorageException(
          "The folder "
              + path
              + " belongs to node "
              + meta.nodeId()
              + ", and node.id is "
              + options.nodeId()
              + ": set node.id="
              + meta.nodeId()
              + ", or choose other log.dirs.");
    }
  }

  private LastRun lastRun(FolderLocks.Lock lock, @Nullable Ours ours, boolean foreign)
      throws IOException {
    Optional<Long> marker = FolderIdentity.readMarker(files, path);
    if (ours == null && !foreign) {
      return LastRun.NONE;
    }
    if (ours == null) {
      return marker.isPresent() ? LastRun.CLEAN : LastRun.UNCLEAN;
    }
    boolean samePlace = ours.place().equals(lock.place());
    if (marker.isPresent() && samePlace && marker.get() == ours.brokerEpoch()) {
      return LastRun.CLEAN;
    }
    if (marker.isEmpty()
        && samePlace
        && options.bootId().filter(ours.bootId()::equals).isPresent()) {
      return LastRun.PROCESS_DIED;
    }
    // Also when it is empty: the folders of its partitions may be among what was lost.
    return LastRun.UNCLEAN;
  }

  private List<Found> partitions() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path dir : files.list(path)) {
      FolderName name = FolderName.parse(dir.getFileName().toString());
      if (name != null
          && !name.partition().topic().equals("__cluster_metadata")
          && files.isFolder(dir)
          && isOfLog(dir)) {
        found.add(
            new Found(dir, new TopicIdPartition(topicId(dir), name.partition()), name.kind()));
      }
    }
    return found;
  }

  /**
   * Whether a folder with a partition's name may be one: it has a file that only a log has, or none
   * at all. Others may name a folder like that, as backup-2024; it would be set aside and deleted.
   */
  private boolean isOfLog(Path dir) throws IOException {
    boolean isLogFolder = options.folders().stream().anyMatch(each -> each.startsWith(dir));
    List<Path> content;
    try {
      content = isLogFolder ? List.of() : files.list(dir);
    } catch (AccessDeniedException e) { // whose it is, loading it will tell
      return true;
    }
    if (!isLogFolder && (content.isEmpty() || content.stream().anyMatch(FileNames::isOfLog))) {
      return true;
    }
    LOG.warn("{} has the name of a partition's folder and no file of one: it is let be", dir);
    return false;
  }

  private Uuid topicId(Path dir) throws IOException {
    Path file = dir.resolve(FileNames.PARTITION_METADATA);
    try {
      return files.exists(file)
          ? PartitionMetadata.decode(files.readAll(file)).topicId()
          : Uuid.ZERO_UUID;
    } catch (AccessDeniedException e) {
      LOG.warn("{} cannot be read: {}", dir, FileFaults.sentence(e));
      return Uuid.ZERO_UUID;
    } catch (IllegalArgumentException e) {
      LOG.warn("{} cannot be read and counts as missing: {}", file, e.getMessage());
      return Uuid.ZERO_UUID;
    }
  }

  private Map<TopicPartition, Long> checkpoint(String name) throws IOException {
    Path file = path.resolve(name);
    // Kafka makes the file without content, and leaves it so until the cleaner has worked.
    if (!files.exists(file) || (name.equals(OffsetCheckpoint.CLEANED) && files.size(file) == 0)) {
      return Map.of();
    }
    try {
      return OffsetCheckpoint.decode(files.readAll(file));
    } catch (IllegalArgumentException e) {
      LOG.warn("{} cannot be read and counts as empty: {}", file, e.getMessage());
      return Map.of();
    }
  }
}
