package io.millrace.eventloop;

import io.millrace.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextBuilder;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes loops on Vert.x, and owns the worker threads behind {@link EventLoop#offload}.
 *
 * <p>Thread-safe.
 */
public final class VertxLoops implements AutoCloseable {
  private static final int MAILBOX_CAPACITY = 100_000;
  private static final long IDLE_THREAD_SECONDS = 30;
  private static final long STOP_SECONDS_MAX = 10;

  private final Vertx vertx;
  private final Clock clock;
  private final int cores;
  private final Map<Work, ExecutorService> workers = new EnumMap<>(Work.class);

  /** Those of log folders: as many as there are folders, of a few kinds. */
  private final Map<Place, ExecutorService> folderWorkers = new ConcurrentHashMap<>();

  private record Place(Work kind, Path folder) {}

  /**
   * @param cores number of processors that the worker pools are sized for, at least 1
   */
  public VertxLoops(Vertx vertx, Clock clock, int cores) {
    this.vertx = vertx;
    this.clock = clock;
    this.cores = cores;
    for (Work kind : Work.values()) {
      workers.put(kind, pool(kind));
    }
  }

  private Executor workers(Work kind, @Nullable Path folder) {
    if (folder == null) {
      return workers.get(kind);
    }
    Place place = new Place(kind, folder);
    ExecutorService known = folderWorkers.get(place); // without the lock of the other call
    return known != null ? known : folderWorkers.computeIfAbsent(place, made -> pool(kind));
  }

  private ExecutorService pool(Work kind) {
    return switch (kind) {
      // Forces mostly wait for the device, and those of one round run side by side.
      case FLUSH -> pool("flush", 16, Thread.NORM_PRIORITY);
      case COLD_READ -> pool("cold-read", 4, Thread.NORM_PRIORITY);
      case LOAD -> pool("load", Math.max(2, cores), Thread.NORM_PRIORITY);
      case HOUSEKEEPING -> pool("housekeeping", Math.max(2, cores), Thread.MIN_PRIORITY);
      case DECOMPRESS -> pool("decompress", Math.max(1, cores), Thread.NORM_PRIORITY);
    };
  }

  private static ExecutorService pool(String name, int threads, int priority) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              thread.setPriority(priority);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The clock that all loops of this factory share. */
  public Clock clock() {
    return clock;
  }

  /** A loop on a context that exists: call it in a verticle's {@code start} with its context. */
  public EventLoop on(String name, Context context) {
    return new VertxLoop(name, context, clock, MAILBOX_CAPACITY, this::workers);
  }

  /** Gives a loop on the next of the event loops, beside what else runs there: it never blocks. */
  public EventLoop onEventLoop(String name) {
    return on(name, ((VertxInternal) vertx).createEventLoopContext());
  }

  /**
   * A context on the thread of {@code neighbour}, so that steps between the two cost no change of
   * threads; on the next of the event loops where that is a worker.
   */
  public ContextInternal contextBeside(EventLoop neighbour) {
    ContextBuilder builder = ((VertxInternal) vertx).contextBuilder();
    if (neighbour instanceof VertxLoop loop && loop.context().isEventLoopContext()) {
      builder.withEventLoop(loop.context().nettyEventLoop());
    }
    return builder.withThreadingModel(ThreadingModel.EVENT_LOOP).build();
  }

  /**
   * Starts a worker verticle with one thread of its own, which may block on files, and gives the
   * loop on it. Never interrupted: an interrupt would close the channel that the thread is using.
   */
  public Future<EventLoop> startWorker(String name) {
    Promise<EventLoop> started = Promise.promise();
    VerticleBase verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            started.complete(on(name, context));
            return Future.succeededFuture();
          }
        };
    DeploymentOptions options =
        new DeploymentOptions()
            .setThreadingModel(ThreadingModel.WORKER)
            .setWorkerPoolName(name)
            .setWorkerPoolSize(1)
            .setMaxWorkerExecuteTime(30)
            .setMaxWorkerExecuteTimeUnit(TimeUnit.SECONDS);
    return vertx.deployVerticle(verticle, options).compose(id -> started.future());
  }

  /** Stops the worker threads after the work that they have begun. Blocks for at most 10 s. */
  @Override
  public void close() {
    List<ExecutorService> pools = new ArrayList<>(workers.values());
    pools.addAll(folderWorkers.values());
    pools.forEach(ExecutorService::shutdown);
    long untilNs = clock.monotonicNs() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
    try {
      for (ExecutorService pool : pools) {
        pool.awaitTermination(untilNs - clock.monotonicNs(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
