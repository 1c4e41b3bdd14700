package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicPartition;
import io.millrace.storage.FolderOpening.Found;
import io.millrace.storage.FolderOpening.LastRun;
import io.millrace.storage.FolderOpening.Opened;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogLoader;
import io.millrace.storage.log.OffsetCheckpoint;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from folders on disk to open logs: all folders are locked and checked before anything in
 * one of them changes; then the logs are loaded side by side, and a bad one stays out without
 * stopping the others.
 *
 * <p>Confined to: the control loop; what blocks is offloaded.
 */
final class StorageOpening {
  private static final Logger LOG = LoggerFactory.getLogger(StorageOpening.class);

  private static final String WAYS_ON =
      ". With the broker stopped, put its files back from a backup, or move its folder away: then it"
          + " is copied from other replicas, or begins empty where there are none.";

  private final StorageOptions options;
  private final EventLoop control;
  private final LogFiles files;
  private final FolderNews news;
  private final LogConfig defaults;

  /**
   * Folders that are ours now.
   *
   * @param broken paths in {@code log.dirs} that cannot be used
   * @param absent paths of folders that may come back, by their ids
   * @param gaveUp whether what lay in folders that are gone was given up
   */
  record Folders(
      List<Opened> opened,
      List<Path> broken,
      Map<Uuid, String> absent,
      boolean gaveUp,
      String clusterId,
      int nodeId) {

    /** Whether what an earlier run acknowledged may be missing. */
    boolean unclean() {
      return gaveUp || opened.stream().anyMatch(each -> each.lastRun() == LastRun.UNCLEAN);
    }

    /** Whether there may be logs in folders that are not open. */
    boolean logsMayBeMissing() {
      return !broken.isEmpty() || !absent.isEmpty();
    }
  }

  /** A log that was loaded, or why not. */
  record Loading(Opened home, Found found, AsyncResult<LogLoader.Loaded> result) {}

  StorageOpening(StorageOptions options, EventLoop control, LogFiles files, FolderNews news) {
    this.options = options;
    this.control = control;
    this.files = files;
    this.news = news;
    this.defaults = options.defaultLogConfig();
  }

  Future<Folders> openFolders() {
    return control.offload(Work.HOUSEKEEPING, this::openAll);
  }

  private Folders openAll() throws IOException {
    List<Opened> opened = new ArrayList<>();
    List<Path> broken = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    try {
      for (Path path : options.folders()) {
        try {
          opened.add(new FolderOpening(options, files, path, news).open());
        } catch (IOException e) {
          broken.add(path);
          reasons.add(unusable(path, e));
        }
      }
      requireOne(opened, reasons);
      AbsentFolders absent = AbsentFolders.among(opened, broken);
      boolean gaveUp = options.givesUpFolders() && !absent.paths().isEmpty();
      if (!gaveUp) {
        reasons.addAll(absent.sentences());
        absent.places().forEach(place -> leave(place, opened, broken));
      }
      Map<Uuid, String> remembered = absent.remembered(gaveUp);
      Belonging belonging = belonging(opened);
      for (Opened each : List.copyOf(opened)) {
        try {
          FolderOpening.take(files, each, belonging.clusterId(), belonging.nodeId());
        } catch (IOException e) {
          leave(each, opened, broken);
          reasons.add(unusable(each.folder().path(), e));
          if (each.meta() != null) { // one that is new holds nothing
            remembered.put(each.folder().directoryId(), each.folder().path().toString());
          }
        }
      }
      requireOne(opened, reasons);
      reasons.forEach(LOG::error);
      finishMoves(opened);
      return new Folders(
          opened, broken, remembered, gaveUp, belonging.clusterId(), belonging.nodeId());
    } catch (IOException | RuntimeException e) {
      opened.forEach(each -> each.folder().unlock());
      throw e;
    }
  }

  private static void requireOne(List<Opened> opened, List<String> reasons) {
    if (opened.isEmpty()) {
      throw new StorageException(String.join(" ", reasons));
    }
  }

  private static void leave(Opened folder, List<Opened> opened, List<Path> broken) {
    opened.remove(folder);
    folder.folder().unlock();
    broken.add(folder.folder().path());
  }

  /**
   * Gives copies their logs' names where the last run ended between the two renames of a move: the
   * old log is set aside under the id of the copy, which is whole then.
   */
  private void finishMoves(List<Opened> opened) throws IOException {
    Set<String> left = new HashSet<>();
    Set<TopicPartition> served = new HashSet<>();
    for (Opened each : opened) {
      for (Found found : each.partitions()) {
        if (found.kind() == FolderName.Kind.DELETE) {
          left.add(idOf(found));
        } else if (found.kind() == FolderName.Kind.LIVE) {
          served.add(found.id().topicPartition());
        }
      }
    }
    for (Opened home : opened) {
      for (int i = 0; i < home.partitions().size(); i++) {
        Found found = home.partitions().get(i);
        TopicPartition partition = found.id().topicPartition();
        if (found.kind() == FolderName.Kind.FUTURE
            && left.contains(idOf(found))
            && served.add(partition)) {
          Path live = home.folder().path().resolve(partition.folderName());
          files.rename(found.dir(), live);
          files.forceDirectory(home.folder().path());
          home.partitions().set(i, new Found(live, found.id(), FolderName.Kind.LIVE));
          LOG.info("{} has moved to {}: the last run ended in that moment", partition, live);
        }
      }
    }
  }

  private static String idOf(Found found) {
    return FolderName.idIn(found.dir().getFileName().toString());
  }

  private static String unusable(Path path, IOException e) {
    return "The folder %s cannot be used (%s: %s)."
        .formatted(path, e.getClass().getSimpleName(), e.getMessage());
  }

  /**
   * Whose the folders are: as they say; else, when they have lost it, as the metadata says; else
   * they are of a broker that is new.
   */
  private Belonging belonging(List<Opened> opened) throws IOException {
    String clusterId = clusterId(opened);
    int nodeId = nodeId(opened);
    Belonging kept = clusterId == null ? options.belonging().read() : null;
    if (clusterId == null && kept == null && opened.stream().anyMatch(Opened::inUse)) {
      throw new StorageException(
          ("The folder %s has lost its %s: put it back from a backup, or make one of three lines,"
                  + " version=1, node.id= with the id of this broker, and cluster.id= with that of"
                  + " its cluster, which another broker of it tells (kafka-cluster cluster-id).")
              .formatted(opened.get(0).folder().path(), FolderIdentity.META));
    }
    if (kept != null) {
      LOG.warn(
          "{} is missing and written anew for cluster {}", FolderIdentity.META, kept.clusterId());
      clusterId = kept.clusterId();
      nodeId = options.nodeId() < 0 && kept.nodeId() >= 0 ? kept.nodeId() : nodeId;
    }
    return new Belonging(
        clusterId == null ? options.ids().get().toString() : clusterId, Math.max(nodeId, 0));
  }

  private @Nullable String clusterId(List<Opened> opened) {
    Set<String> ids = new HashSet<>();
    Set<Object> directories = new HashSet<>();
    for (Opened each : opened) {
      if (each.meta() != null && each.meta().clusterId() != null) {
        ids.add(each.meta().clusterId());
      }
      if (!directories.add(each.folder().directoryId())) {
        throw new StorageException(
            "Two of the log.dirs have the directory.id "
                + each.folder().directoryId()
                + ": one of them is a copy of the other.");
      }
    }
    if (ids.size() > 1) {
      throw new StorageException("The log.dirs belong to different clusters: " + ids + ".");
    }
    return ids.isEmpty() ? null : ids.iterator().next();
  }

  /** The id that was written down, else the one that the folders have, else -1. */
  private int nodeId(List<Opened> opened) {
    Set<Integer> ids = new HashSet<>();
    opened.stream()
        .map(Opened::meta)
        .filter(meta -> meta != null && meta.nodeId() >= 0)
        .forEach(meta -> ids.add(meta.nodeId()));
    if (ids.size() > 1) {
      throw new StorageException("The log.dirs belong to different brokers: " + ids + ".");
    }
    if (options.nodeId() >= 0) {
      return options.nodeId();
    }
    return ids.isEmpty() ? -1 : ids.iterator().next();
  }

  /** Loads every live log of the folders. Never fails; each result says how it went. */
  Future<List<Loading>> loadAll(Folders folders) {
    Map<TopicPartition, Long> seen =
        folders.opened().stream()
            .flatMap(each -> each.partitions().stream())
            .filter(found -> found.kind() == FolderName.Kind.LIVE)
            .collect(
                Collectors.groupingBy(
                    found -> found.id().topicPartition(), HashMap::new, Collectors.counting()));
    List<Loading> loadings = new ArrayList<>();
    List<Future<?>> all = new ArrayList<>();
    for (Opened home : folders.opened()) {
      for (Found found : home.partitions()) {
        if (found.kind() != FolderName.Kind.LIVE) {
          continue;
        }
        Future<LogLoader.Loaded> load =
            seen.get(found.id().topicPartition()) > 1
                ? Future.failedFuture(
                    new StorageException(
                        "it lies in two of the log.dirs, and one may be an old copy. With the broker"
                            + " stopped, move the one away that is to go"))
                : control.offload(Work.HOUSEKEEPING, () -> load(home, found));
        all.add(load.onComplete(done -> loadings.add(new Loading(home, found, done))));
      }
    }
    return Future.join(all).transform(done -> Future.succeededFuture(loadings));
  }

  private LogLoader.Loaded load(Opened home, Found found) throws IOException {
    TopicPartition partition = found.id().topicPartition();
    LoadOptions load =
        new LoadOptions(
            home.lastRun() == LastRun.CLEAN,
            home.recoveryPoints().getOrDefault(partition, 0L),
            home.logStarts().getOrDefault(partition, 0L),
            control.clock().wallMs(),
            options.producers(),
            options.coldAfterBytes());
    return LogLoader.load(files, found.dir(), found.id(), defaults, load);
  }

  /** Says why a log stays closed, and keeps what the checkpoints know of it. */
  static void refuse(Loading loading, FolderCheckpoints checkpoints) {
    Throwable cause = loading.result().cause();
    TopicPartition partition = loading.found().id().topicPartition();
    Opened home = loading.home();
    boolean isOfThisLog = cause instanceof CorruptLogException || FileFaults.isOfOneFile(cause);
    if (cause instanceof IOException && !isOfThisLog) {
      home.folder().fail("opening " + partition, cause);
      return;
    }
    LOG.error(
        "The partition {} stays offline, its log in {} cannot be opened: {}{}",
        partition,
        loading.found().dir(),
        FileFaults.sentence(cause),
        cause instanceof CorruptLogException ? WAYS_ON : "",
        isOfThisLog || cause instanceof StorageException ? null : cause);
    Map.of(
            OffsetCheckpoint.RECOVERY_POINTS, home.recoveryPoints(),
            OffsetCheckpoint.LOG_STARTS, home.logStarts(),
            OffsetCheckpoint.HIGH_WATERMARKS, home.highWatermarks(),
            OffsetCheckpoint.CLEANED, home.cleaned())
        .forEach(
            (file, offsets) -> {
              Long offset = offsets.get(partition);
              if (offset != null) {
                checkpoints.carry(home.folder(), file, partition, offset);
              }
            });
  }
}
