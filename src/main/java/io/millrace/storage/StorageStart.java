package io.millrace.storage;

import io.millrace.config.StorageKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.metrics.Metrics;
import io.millrace.model.TopicPartition;
import io.millrace.storage.FolderName.Kind;
import io.millrace.storage.FolderOpening.Found;
import io.millrace.storage.FolderOpening.LastRun;
import io.millrace.storage.FolderOpening.Opened;
import io.millrace.storage.Storage.StorageParts;
import io.millrace.storage.StorageOpening.Folders;
import io.millrace.storage.StorageOpening.Loading;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogLoader;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds storage: opens folders and logs, gives each log to its shard, and starts housekeeping.
 *
 * <p>Confined to: the control loop.
 */
final class StorageStart {
  private static final Logger LOG = LoggerFactory.getLogger(StorageStart.class);

  /** What may lie behind the recovery points of one folder in all. */
  private static final long UNSCANNED_BYTES_MAX = 512L << 20;

  /** How many of those that were set aside a start names. */
  private static final int STRAYS_SHOWN_MAX = 5;

  private final StorageOptions options;
  private final EventLoop control;
  private final List<EventLoop> loops;
  private final LogFiles files;
  private final StorageCounters counters;
  private final FolderNews news;
  private final StorageOpening opening;

  StorageStart(
      StorageOptions options,
      EventLoop control,
      List<EventLoop> loops,
      LogFiles files,
      Metrics metrics) {
    this.options = options;
    this.control = control;
    this.loops = loops;
    this.files = files;
    this.counters = StorageCounters.of(metrics);
    this.news = new FolderNews(control);
    this.opening = new StorageOpening(options, control, files, news);
  }

  Future<Storage> run() {
    return opening
        .openFolders()
        .compose(folders -> opening.loadAll(folders).compose(loadings -> take(folders, loadings)));
  }

  /** Logs that are well must not count as failed because the process may open too few files. */
  private Future<Storage> take(Folders folders, List<Loading> loadings) {
    boolean ranOut =
        loadings.stream().anyMatch(each -> FileFaults.isOutOfDescriptors(each.result().cause()));
    if (!ranOut) {
      return build(folders, loadings);
    }
    folders.opened().forEach(each -> each.folder().unlock());
    return Future.failedFuture(
        new StorageException(
            "The process may open too few files for its "
                + loadings.size()
                + " partitions: each takes one or more, clients take others. Raise the limit"
                + " (ulimit -n, LimitNOFILE of systemd)."));
  }

  private Future<Storage> build(Folders opened, List<Loading> loadings) {
    List<Folder> folders = opened.opened().stream().map(Opened::folder).toList();
    AtomicReference<Logs> logsLater = new AtomicReference<>();
    FolderCheckpoints checkpoints =
        new FolderCheckpoints(control, files, () -> logsLater.get().all());
    List<Shard> shards =
        loops.stream()
            .map(loop -> new Shard(loop, counters, checkpoints, UNSCANNED_BYTES_MAX / loops.size()))
            .toList();
    news.tell(shards);
    Graveyard graveyard = new Graveyard(control, files);
    FolderMoves moves =
        new FolderMoves(
            control,
            new MoveRate(
                options.config().get(StorageKeys.REPLICA_ALTER_LOG_DIRS_IO_MAX_BYTES_PER_SECOND)));
    Logs logs =
        new Logs(
            options, control, files, folders, shards, graveyard, moves, opened.logsMayBeMissing());
    logsLater.set(logs);
    AtomicInteger compactions =
        new AtomicInteger(
            options.config().get(StorageKeys.LOG_CLEANER_ENABLE)
                ? options.config().get(StorageKeys.LOG_CLEANER_THREADS)
                : 0);
    List<Housekeeping> housekeeping =
        shards.stream()
            .map(
                each ->
                    new Housekeeping(
                        each,
                        each == shards.get(0) ? folders : List.of(),
                        options.config(),
                        new Cleaner(each, options.config(), compactions),
                        options.producers()))
            .toList();
    StorageParts parts =
        new StorageParts(
            options,
            control,
            files,
            folders,
            logs,
            checkpoints,
            housekeeping,
            news,
            moves,
            opened.broken().stream().map(each -> each.toAbsolutePath().normalize()).toList(),
            opened.absent());
    Set<TopicPartition> live =
        loadings.stream()
            .map(each -> each.found().id().topicPartition())
            .collect(Collectors.toSet());
    opened.opened().forEach(each -> tellLost(each, live));
    opened.opened().forEach(each -> setAside(each, live, logs, graveyard));
    List<ImportedLog> found = imported(loadings);
    List<Future<?>> adopted = adopt(loadings, logs, checkpoints);
    opened.opened().stream()
        .filter(StorageStart::remembersOthers)
        .forEach(each -> adopted.add(checkpoints.write(each.folder(), control).otherwiseEmpty()));
    housekeeping.forEach(each -> adopted.add(control.ask(each.loop(), each::start)));
    report(opened, loadings);
    return Future.join(adopted)
        .compose(
            all -> {
              if (folders.stream().noneMatch(Folder::isOnline)) {
                return refused(opened);
              }
              Set<TopicPartition> moving = new HashSet<>();
              opened.opened().forEach(each -> goOnMoving(each, moving, logs, graveyard));
              return Future.succeededFuture(
                  new Storage(parts, found, opened.clusterId(), opened.nodeId(), opened.unclean()));
            });
  }

  /** Nothing could be served. */
  private Future<Storage> refused(Folders opened) {
    return FolderLoss.of(opened.opened().stream().map(Opened::folder).toList(), control)
        .compose(
            loss -> {
              opened.opened().forEach(each -> each.folder().unlock());
              return Future.failedFuture(
                  new StorageException("The broker cannot start, " + loss.sentence() + "."));
            });
  }

  /** Whether its checkpoints tell of logs that are gone, and whose names others may get. */
  private static boolean remembersOthers(Opened home) {
    Set<TopicPartition> here =
        home.partitions().stream()
            .filter(each -> each.kind() == Kind.LIVE || each.kind() == Kind.FUTURE)
            .map(each -> each.id().topicPartition())
            .collect(Collectors.toSet());
    return Stream.of(home.recoveryPoints(), home.logStarts(), home.cleaned())
        .anyMatch(offsets -> !here.containsAll(offsets.keySet()));
  }

  private static List<ImportedLog> imported(List<Loading> loadings) {
    return loadings.stream()
        .filter(each -> each.home().imported() && each.found().kind() == Kind.LIVE)
        .map(StorageStart::imported)
        .toList();
  }

  private static ImportedLog imported(Loading loading) {
    TopicPartition partition = loading.found().id().topicPartition();
    int leaderEpoch =
        loading.result().succeeded() ? loading.result().result().log().latestLeaderEpoch() : -1;
    return new ImportedLog(
        loading.found().id(), leaderEpoch, loading.home().cleaned().containsKey(partition));
  }

  private List<Future<?>> adopt(List<Loading> loadings, Logs logs, FolderCheckpoints checkpoints) {
    List<Future<?>> adopted = new ArrayList<>();
    for (Loading loading : loadings) {
      TopicPartition partition = loading.found().id().topicPartition();
      if (loading.result().failed()) {
        logs.keepClosed(partition);
        StorageOpening.refuse(loading, checkpoints);
        continue;
      }
      LogLoader.Loaded loaded = loading.result().result();
      Opened home = loading.home();
      counters.scannedBytes().add(loaded.scannedBytes());
      loaded.log().advanceHighWatermark(home.highWatermarks().getOrDefault(partition, 0L));
      if (loaded.cutBytes() > 0) {
        LOG.warn(
            "{}: {} bytes behind the last whole batch were cut off", partition, loaded.cutBytes());
      }
      adopted.add(
          logs.adopt(loaded.log(), home.folder(), home.cleaned().getOrDefault(partition, 0L)));
    }
    return adopted;
  }

  /** Moves that the last run had begun. The copy of a log that could not be opened stays. */
  private static void goOnMoving(
      Opened home, Set<TopicPartition> moving, Logs logs, Graveyard graveyard) {
    for (Found found : home.partitions()) {
      TopicPartition partition = found.id().topicPartition();
      StoredLog log = found.kind() == Kind.FUTURE ? logs.get(partition) : null;
      if (log == null) {
        continue;
      }
      Uuid id = FolderName.moveId(found.dir().getFileName().toString(), partition);
      boolean first = log.home() != home.folder() && moving.add(partition);
      boolean ofUse = first && id != null && found.id().equals(log.id());
      if (!ofUse) {
        graveyard.bury(home.folder(), found.dir(), 0);
      }
      if (first) {
        (ofUse
                ? logs.goOnMoving(partition, home.folder(), id)
                : logs.move(partition, home.folder()))
            .onSuccess(begun -> LOG.info("{} goes on moving to {}", partition, home.folder()))
            .onFailure(e -> LOG.warn("{} does not move on: {}", partition, e.getMessage()));
      }
    }
  }

  /** Partitions with records whose folders somebody took away: they are copied or begin empty. */
  private static void tellLost(Opened home, Set<TopicPartition> live) {
    home.recoveryPoints()
        .forEach(
            (partition, end) -> {
              if (!live.contains(partition) && end > home.logStarts().getOrDefault(partition, 0L)) {
                LOG.warn(
                    "{} had records up to offset {} in {}, and its folder is gone: what no other"
                        + " replica has is lost",
                    partition,
                    end,
                    home.folder());
              }
            });
  }

  /** Folders that an earlier run had set aside. */
  private void setAside(Opened home, Set<TopicPartition> live, Logs logs, Graveyard graveyard) {
    for (Found found : home.partitions()) {
      TopicPartition partition = found.id().topicPartition();
      if (found.kind() == Kind.DELETE) {
        graveyard.bury(home.folder(), found.dir(), 0);
      } else if (found.kind() == Kind.FUTURE && !live.contains(partition)) {
        logs.keepClosed(partition);
        LOG.error(
            "{} stays offline: {} is a move between folders that was cut off",
            partition,
            found.dir());
      }
    }
    tellStrays(home);
  }

  /** They are nobody's, and only a person can say that nobody misses them. */
  private static void tellStrays(Opened home) {
    List<String> strays =
        home.partitions().stream()
            .filter(each -> each.kind() == Kind.STRAY)
            .map(each -> each.dir().getFileName().toString())
            .toList();
    if (!strays.isEmpty()) {
      LOG.warn(
          "{} partitions that the metadata did not name are set aside in {} and take its room: {}{}."
              + " Delete what nobody misses",
          strays.size(),
          home.folder(),
          String.join(", ", strays.subList(0, Math.min(strays.size(), STRAYS_SHOWN_MAX))),
          strays.size() > STRAYS_SHOWN_MAX ? " and others" : "");
    }
  }

  private void report(Folders opened, List<Loading> loadings) {
    long scanned =
        loadings.stream()
            .filter(each -> each.result().succeeded())
            .mapToLong(each -> each.result().result().scannedBytes())
            .sum();
    for (Opened each : opened.opened()) {
      if (each.lastRun() == LastRun.PROCESS_DIED || each.lastRun() == LastRun.UNCLEAN) {
        LOG.info(
            "The last run on {} did not stop cleanly{}",
            each.folder(),
            each.lastRun() == LastRun.UNCLEAN ? "; what was not forced may be missing" : "");
      }
    }
    if (scanned > 0) {
      LOG.info("Recovery read {} bytes of {} logs", scanned, loadings.size());
    }
  }
}
