package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.FolderName.Kind;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.FileNames;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogLoader;
import io.millrace.storage.log.PartitionMetadata;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open logs by partition; makes new ones, gives each its shard and its folder, and sets aside
 * those that are out of use.
 *
 * <p>Confined to: the control loop, save {@link #get}, {@link #all} and {@link #shardOf}, which any
 * thread may call.
 */
final class Logs {
  /** So many are closed at a time: each opens its indexes for that, which takes descriptors. */
  private static final int CLOSING_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

  private final StorageOptions options;
  private final EventLoop control;
  private final LogFiles files;
  private final List<Folder> folders;
  private final List<Shard> shards;
  private final Graveyard graveyard;
  private final FolderMoves moves;

  // Owner: the control loop; read by any thread.
  private final Map<TopicPartition, StoredLog> open = new ConcurrentHashMap<>();

  // Owner: the control loop.
  private final Set<TopicPartition> closedForGood = new HashSet<>();
  private final Map<TopicPartition, Future<?>> busy = new HashMap<>();
  private final Map<Folder, Integer> counts = new HashMap<>();
  private final NewFolders newFolders;
  private final NewFiles newFiles;
  private final FolderRenames renames;
  private boolean logsMayBeMissing;

  /**
   * No logs yet.
   *
   * @param logsMayBeMissing whether a folder could not be opened, in which any partition may lie
   */
  Logs(
      StorageOptions options,
      EventLoop control,
      LogFiles files,
      List<Folder> folders,
      List<Shard> shards,
      Graveyard graveyard,
      FolderMoves moves,
      boolean logsMayBeMissing) {
    this.options = options;
    this.control = control;
    this.files = files;
    this.folders = folders;
    this.shards = shards;
    this.graveyard = graveyard;
    this.moves = moves;
    this.logsMayBeMissing = logsMayBeMissing;
    this.newFolders = new NewFolders(control);
    this.newFiles = new NewFiles(control, newFolders);
    this.renames = new FolderRenames(control, files);
  }

  @Nullable StoredLog get(TopicPartition partition) {
    return open.get(partition);
  }

  Collection<StoredLog> all() {
    return open.values();
  }

  Shard shardOf(TopicPartition partition) {
    return shards.get(Math.floorMod(partition.hashCode(), shards.size()));
  }

  /** Remembers a log that exists and cannot be opened: no new one takes its place. */
  void keepClosed(TopicPartition partition) {
    control.assertOwner();
    closedForGood.add(partition);
  }

  /** Gives a loaded log to its shard. */
  Future<StoredLog> adopt(Log log, Folder folder, long cleanedOffset) {
    StoredLog stored = enter(log, folder, cleanedOffset);
    return handOver(stored, () -> Future.succeededFuture(stored));
  }

  private StoredLog enter(Log log, Folder folder, long cleanedOffset) {
    control.assertOwner();
    TopicPartition partition = log.id().topicPartition();
    StoredLog stored = new StoredLog(log, folder, shardOf(partition), cleanedOffset);
    open.put(partition, stored);
    counts.merge(folder, 1, Integer::sum);
    return stored;
  }

  /**
   * From now on the log is its shard's.
   *
   * @param then what the shard does next with it, in the same step
   */
  private <T> Future<T> handOver(StoredLog stored, Supplier<Future<T>> then) {
    Shard shard = shardOf(stored.id().topicPartition());
    return control.ask(
        shard.loop(),
        () -> {
          Log log = stored.log();
          shard.add(stored);
          if (!stored.home().isOnline()) {
            stored.goOffline();
          } else if (log.flushedOffset() < log.logEndOffset()) {
            // A crash then has less to recover.
            shard.flusher(stored.home()).checkpointInTurn(stored);
          }
          return then.get();
        });
  }

  /**
   * Claims a partition's log.
   *
   * @param then what the shard does next with it, in the same step where it can
   */
  <T> Future<T> claim(TopicIdPartition id, LogConfig config, Function<StoredLog, T> then) {
    return inTurn(id.topicPartition(), () -> claimNow(id, config, then));
  }

  private <T> Future<T> claimNow(
      TopicIdPartition id, LogConfig config, Function<StoredLog, T> then) {
    StoredLog there = open.get(id.topicPartition());
    if (there == null) {
      return make(id, config, then);
    }
    if (!there.isOnline()) {
      return unavailable("The folder of " + id.topicPartition() + " is offline");
    }
    if (there.id().topicId().equals(id.topicId())) {
      return control.ask(there.shard(), () -> there.claim(config).map(then));
    }
    if (there.id().topicId().equals(Uuid.ZERO_UUID)) {
      return moves
          .end(id.topicPartition())
          .compose(ended -> close(there, LogClosing::shutDown))
          .compose(closed -> reopen(id, there, config, then));
    }
    return setStrayAside(there).compose(done -> make(id, config, then));
  }

  private <T> Future<T> make(TopicIdPartition id, LogConfig config, Function<StoredLog, T> then) {
    if (closedForGood.contains(id.topicPartition())) {
      return unavailable("The log of " + id.topicPartition() + " could not be opened");
    }
    if (logsMayBeMissing) {
      return unavailable("The log of " + id.topicPartition() + " may lie in a folder that failed");
    }
    Folder folder = folderFor(id.topicPartition());
    if (folder == null) {
      return unavailable("No log folder is online");
    }
    Path dir = newFolders.make(folder, id.topicPartition());
    return begin(id, dir, folder, config, then);
  }

  /** A log that nothing is on disk of. */
  private <T> Future<T> begin(
      TopicIdPartition id, Path dir, Folder folder, LogConfig config, Function<StoredLog, T> then) {
    LoadOptions clean = options.clean(0, control.clock().wallMs());
    return adopt(LogLoader.begin(files, dir, id, config, clean), folder, 0, config, then);
  }

  private @Nullable Folder folderFor(TopicPartition partition) {
    Folder wish = moves.takeWish(partition);
    if (wish != null && wish.isOnline()) {
      return wish;
    }
    Folder emptiest = null;
    for (Folder each : folders) {
      if (each.isOnline() && (emptiest == null || count(each) < count(emptiest))) {
        emptiest = each;
      }
    }
    return emptiest;
  }

  private int count(Folder folder) {
    return counts.getOrDefault(folder, 0);
  }

  /**
   * Begins to move a log to another folder. What moves elsewhere is stopped; a wish for a log that
   * does not exist is remembered.
   *
   * @return completes when the move is on its way; fails with {@link AppendException} of
   *     REPLICA_NOT_AVAILABLE or KAFKA_STORAGE_ERROR
   */
  Future<Void> move(TopicPartition partition, Folder target) {
    return inTurn(partition, () -> moveNow(partition, target));
  }

  private Future<Void> moveNow(TopicPartition partition, Folder target) {
    if (!target.isOnline()) {
      return unavailable("The folder " + target + " is offline");
    }
    Folder destination = moves.destination(partition);
    if (destination == target) {
      return Future.succeededFuture();
    }
    return moves
        .end(partition)
        .compose(ended -> beginMove(partition, target, options.ids().get(), false));
  }

  /** Goes on with a move that an earlier run had begun under that id. */
  Future<Void> goOnMoving(TopicPartition partition, Folder target, Uuid id) {
    return inTurn(partition, () -> beginMove(partition, target, id, true));
  }

  private Future<Void> beginMove(TopicPartition partition, Folder target, Uuid id, boolean goesOn) {
    StoredLog log = open.get(partition);
    if (log == null && closedForGood.contains(partition)) {
      return unavailable("The log of " + partition + " could not be opened");
    }
    if (log == null) {
      moves.want(partition, target);
      return Future.failedFuture(
          new AppendException(
              Errors.REPLICA_NOT_AVAILABLE,
              partition + " has no replica here yet; it will be made in " + target));
    }
    if (log.isOnline() && log.home() == target) {
      return Future.succeededFuture();
    }
    if (!log.isOnline() || logsMayBeMissing || !folders.stream().allMatch(Folder::isOnline)) {
      return unavailable("Nothing moves while a log folder is offline");
    }
    FolderMove move = new FolderMove(log, shardOf(partition), target, moves.rate(), id, goesOn);
    if (goesOn) {
      move.reserve();
    }
    return newFolders
        .madeNow(log.rawLog().dir())
        .onSuccess(made -> moves.add(move, () -> moved(move)));
  }

  private void moved(FolderMove move) {
    counts.merge(move.source(), -1, Integer::sum);
    counts.merge(move.target(), 1, Integer::sum);
    graveyard.bury(move.source(), move.aside(), move.deleteDelayMs());
  }

  /**
   * Opens a log anew that had no topic id. One without files needs none before its files.
   *
   * @param closed by {@link LogClosing#shutDown}: what a crash left is forced, and its producers
   *     are in a snapshot, so that it is clean
   */
  private <T> Future<T> reopen(
      TopicIdPartition id, StoredLog closed, LogConfig config, Function<StoredLog, T> then) {
    Folder folder = closed.home();
    Path dir = closed.rawLog().dir();
    if (!folder.isOnline()) {
      return unavailable("The folder of " + id.topicPartition() + " is offline");
    }
    if (!closed.rawLog().hasFiles()) {
      return begin(id, dir, folder, config, then);
    }
    long logStart = closed.rawLog().view().logStartOffset();
    LoadOptions clean = options.clean(logStart, control.clock().wallMs());
    return control
        .offload(
            Work.HOUSEKEEPING,
            folder.path(),
            () -> {
              files.writeAtomically(
                  dir.resolve(FileNames.PARTITION_METADATA),
                  new PartitionMetadata(id.topicId()).encode());
              Log log = LogLoader.load(files, dir, id, config, clean).log();
              log.advanceHighWatermark(closed.rawLog().view().highWatermark());
              return log;
            })
        .onFailure(
            cause -> {
              if (cause instanceof IOException) {
                folder.fail("opening " + id.topicPartition(), cause);
              }
            })
        .recover(cause -> unavailable("The log of " + id.topicPartition() + " cannot be opened"))
        .compose(log -> adopt(log, folder, closed.cleanedOffset(), config, then));
  }

  private <T> Future<T> adopt(
      Log log, Folder folder, long cleanedOffset, LogConfig config, Function<StoredLog, T> then) {
    StoredLog stored = enter(log, folder, cleanedOffset);
    return handOver(stored, () -> stored.claim(config).compose(claimed -> ifOnline(stored, then)))
        .onSuccess(done -> newFiles.add(stored));
  }

  private static <T> Future<T> ifOnline(StoredLog log, Function<StoredLog, T> then) {
    return log.isOnline()
        ? Future.succeededFuture(then.apply(log))
        : unavailable("The folder of " + log.id().topicPartition() + " is offline");
  }

  Future<Void> delete(TopicIdPartition id) {
    return inTurn(
        id.topicPartition(),
        () -> {
          StoredLog log = open.get(id.topicPartition());
          if (log == null || !log.id().topicId().equals(id.topicId())) {
            return Future.succeededFuture();
          }
          return control
              .ask(
                  log.shard(), () -> Future.succeededFuture(log.log().config().fileDeleteDelayMs()))
              .compose(
                  delayMs ->
                      setAside(log, Kind.DELETE)
                          .map(
                              aside -> {
                                graveyard.bury(log.home(), aside, delayMs);
                                return null;
                              }));
        });
  }

  Future<List<TopicPartition>> setStraysAside(Predicate<TopicIdPartition> belongs) {
    logsMayBeMissing = false;
    List<TopicPartition> strays = new ArrayList<>();
    List<Future<?>> all = new ArrayList<>();
    for (StoredLog log : List.copyOf(open.values())) {
      boolean unclaimed = !log.isClaimed() && log.isOnline();
      if (unclaimed && belongs.test(log.id())) {
        LOG.error(
            "{} belongs here and is not served; it stays in {}",
            log.id().topicPartition(),
            log.folder());
      } else if (unclaimed) {
        strays.add(log.id().topicPartition());
        all.add(inTurn(log.id().topicPartition(), () -> setStrayAside(log)));
      }
    }
    return Future.join(all).map(done -> strays);
  }

  /** One without records leaves nothing that anybody could miss. */
  private Future<Void> setStrayAside(StoredLog log) {
    boolean isEmpty = log.view().logStartOffset() == log.view().logEndOffset();
    return setAside(log, isEmpty ? Kind.DELETE : Kind.STRAY)
        .map(
            aside -> {
              if (isEmpty) {
                graveyard.bury(log.home(), aside, 0);
              } else {
                LOG.warn(
                    "{} with topic id {} is of no topic that the metadata names: its folder is kept as {},"
                        + " until somebody deletes it",
                    log.id().topicPartition(),
                    log.id().topicId(),
                    aside);
              }
              return null;
            });
  }

  /**
   * Closes a log and renames its folder. The checkpoints forget it before another log may have its
   * name: they would say what of that one is durable.
   *
   * @return where it lies now
   */
  private Future<Path> setAside(StoredLog log, Kind kind) {
    return moves.end(log.id().topicPartition()).compose(ended -> setAsideNow(log, kind));
  }

  private Future<Path> setAsideNow(StoredLog log, Kind kind) {
    Folder folder = log.home();
    TopicPartition partition = log.id().topicPartition();
    Path from = log.rawLog().dir();
    Path to = folder.path().resolve(FolderName.aside(partition, kind, options.ids().get()));
    return close(log)
        .compose(closed -> newFolders.madeNow(from))
        .compose(made -> renames.rename(folder, from, to))
        .onFailure(cause -> folder.fail("setting " + partition + " aside", cause))
        .transform(
            renamed -> shardOf(partition).checkpoints().write(folder, control).otherwiseEmpty())
        .map(written -> to);
  }

  /** Takes a log from its shard and closes its files, without a flush. */
  private Future<Void> close(StoredLog log) {
    return close(log, LogClosing::abandon);
  }

  private Future<Void> close(StoredLog log, Function<LogClosing, Future<Void>> way) {
    open.remove(log.id().topicPartition(), log);
    counts.merge(log.home(), -1, Integer::sum);
    return control.ask(
        log.shard(),
        () -> {
          shardOf(log.id().topicPartition()).remove(log);
          return way.apply(log.closing());
        });
  }

  /** Flushes and closes all logs. */
  Future<Void> closeAll() {
    newFolders.stop();
    return closeFrom(List.copyOf(open.values()), 0);
  }

  private Future<Void> closeFrom(List<StoredLog> all, int first) {
    if (first >= all.size()) {
      return Future.succeededFuture();
    }
    int next = Math.min(all.size(), first + CLOSING_MAX);
    List<Future<?>> some = new ArrayList<>();
    for (StoredLog log : all.subList(first, next)) {
      some.add(control.ask(log.shard(), log.closing()::shutDown));
    }
    return Future.join(some).transform(closed -> closeFrom(all, next));
  }

  /** Steps on one partition follow each other. */
  private <T> Future<T> inTurn(TopicPartition partition, Supplier<Future<T>> step) {
    control.assertOwner();
    Future<?> before = busy.getOrDefault(partition, Future.succeededFuture());
    Future<T> mine = before.transform(done -> step.get());
    busy.put(partition, mine);
    mine.onComplete(done -> busy.remove(partition, mine));
    return mine;
  }

  private static <T> Future<T> unavailable(String message) {
    return Future.failedFuture(new AppendException(Errors.KAFKA_STORAGE_ERROR, message));
  }
}
