package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.QuorumView;
import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.LogFiles;
import io.millrace.testkit.RealClock;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A broker that has nothing but a metadata log. It decides by writing numbered keys into the
 * configs, each once. Thread-safe.
 */
final class RaftNode implements AutoCloseable {
  private static final Clock CLOCK = new RealClock();

  final int id;
  final RaftMetadataLog log;
  private final Vertx vertx = Vertx.vertx();
  private final VertxLoops loops = new VertxLoops(vertx, CLOCK, 2);
  private final EventLoop control;
  private final Applier applier = new Applier();
  final List<List<Peer>> missing = new ArrayList<>();

  /** What others see. */
  private volatile ClusterImage image = ClusterImage.EMPTY;

  private volatile long term = -1;
  private volatile @Nullable Throwable failure;

  /**
   * A node whose folders lie in {@code home}, among {@code others} that it may ask to let it in.
   */
  RaftNode(
      RaftOptions options, Path home, boolean joins, List<RaftNode> others, LogFiles folderFiles)
      throws Exception {
    this(options, home, joins, false, (self, wanted) -> letIn(self, others, 0), folderFiles);
  }

  /**
   * @param folderFiles the disk on which folders of the log are made, marked and renamed
   */
  RaftNode(
      RaftOptions options,
      Path home,
      boolean joins,
      boolean recovers,
      RaftGround.Door door,
      LogFiles folderFiles)
      throws Exception {
    this.id = options.brokerId();
    this.control = loops.startWorker("control").await(5, TimeUnit.SECONDS);
    DiskFiles files = new DiskFiles();
    Path folder = home.resolve(LocalMetadataLog.FOLDER);
    LocalMetadataLog local = new LocalMetadataLog(files, folder, control, 1 << 20);
    this.log =
        new RaftMetadataLog(
            new RaftGround(
                control,
                new MetadataFolders(folderFiles, folder),
                local,
                Uuid::randomUuid,
                joins,
                recovers,
                (self, wanted) -> onControl(door.ask(self, wanted)),
                missing::add),
            options);
  }

  private <T> Future<T> onControl(Future<T> answer) {
    Promise<T> promise = Promise.promise();
    answer.onComplete(done -> control.execute(() -> promise.handle(done)));
    return promise.future();
  }

  private static Future<Invitation> letIn(Peer self, List<RaftNode> others, int from) {
    if (from == others.size()) {
      return Future.failedFuture("nobody leads");
    }
    RaftNode other = others.get(from);
    return other.ask(() -> other.log.admit(self)).recover(refused -> letIn(self, others, from + 1));
  }

  RaftNode open() throws Exception {
    ask(() -> log.open(applier)).await(30, TimeUnit.SECONDS);
    return this;
  }

  /** Begins to open the log and makes a call before that is done. */
  <T> Future<T> openAnd(Supplier<Future<T>> call) {
    return ask(
        () -> {
          log.open(applier);
          return call.get();
        });
  }

  /** Runs a call on the control loop. */
  <T> Future<T> ask(Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    control.execute(() -> call.get().onComplete(answer));
    return answer.future();
  }

  /** Writes a key; completes when it is applied here, fails when that is unknown. */
  Future<Void> write(String key) {
    return ask(() -> applier.write(key));
  }

  boolean leads() {
    return term >= 0;
  }

  long term() {
    return term;
  }

  ClusterImage image() {
    return image;
  }

  Set<String> keys() {
    return image.configs(ConfigScope.DEFAULT_BROKER).keySet();
  }

  QuorumView view() {
    return log.view();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void close() throws TimeoutException {
    ask(log::close).await(20, TimeUnit.SECONDS);
    vertx.close().await();
    loops.close();
  }

  /** A pipeline without anything around it. Confined to: the control loop. */
  private final class Applier implements MetadataLog.Applier {
    private ClusterImage applied = ClusterImage.EMPTY;
    private long sequence;
    private final Map<String, Promise<Void>> waiting = new HashMap<>();

    Future<Void> write(String key) {
      if (term < 0) {
        return Future.failedFuture("not leading");
      }
      MetadataEntry entry =
          new MetadataEntry(
              term,
              sequence++,
              List.of(
                  new ConfigChanged(
                      ConfigScope.DEFAULT_BROKER, Map.of(key, Long.toString(term)), Set.of())));
      Promise<Void> done = Promise.promise();
      waiting.put(key, done);
      log.submit(entry);
      return done.future();
    }

    @Override
    public void restored(ClusterImage restored) {
      applied = restored;
      image = restored;
    }

    @Override
    public void committed(long logTerm, MetadataEntry entry) {
      String problem = "another one wrote the same key";
      try {
        applied = applied.apply(logTerm, entry, new ClusterChange.Touched());
      } catch (FactRefusedException refused) {
        applied = applied.skip();
        problem = refused.getMessage();
      }
      image = applied;
      ConfigChanged fact = (ConfigChanged) entry.facts().get(0);
      for (String key : fact.set().keySet()) {
        Promise<Void> waiter = waiting.remove(key);
        if (waiter != null) {
          boolean there = fact.set().get(key).equals(applied.configs(fact.scope()).get(key));
          waiter.handle(there ? Future.succeededFuture() : Future.failedFuture(problem));
        }
      }
    }

    @Override
    public void leading(long newTerm) {
      term = newTerm;
      sequence = applied.term() == newTerm ? applied.nextSequence() : 0;
    }

    @Override
    public void following() {
      term = -1;
      waiting.values().forEach(waiter -> waiter.fail("unknown"));
      waiting.clear();
    }

    @Override
    public void failed(Throwable cause) {
      failure = cause;
      following();
    }

    @Override
    public ClusterImage image() {
      return applied;
    }
  }
}
