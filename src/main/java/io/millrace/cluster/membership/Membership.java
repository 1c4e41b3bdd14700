package io.millrace.cluster.membership;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.millrace.cluster.BrokerLiveness;
import io.millrace.cluster.BrokerPresence;
import io.millrace.cluster.SoftShare;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets the other brokers through a second, clustered Vert.x. The first call of {@link #meet}
 * starts it, in the background; when it does not start, ends or hangs, that is said once, it is
 * tried again from time to time, and the broker serves on.
 *
 * <p>Thread-safe: all work is done on one thread of its own; a second one looks who is there, so
 * that an end is noticed whatever the first waits for.
 */
public final class Membership implements BrokerLiveness, BrokerPresence {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final int RETRY_SECONDS = 30;
  private static final int START_SECONDS_MAX = 60;
  private static final int CHECK_SECONDS = 5;
  private static final int STILL_CHECKS_MAX = 4;
  private static final int CLOSE_SECONDS_MAX = 5;
  private static final int LOOK_SECONDS = 1;

  private final EventLog events;
  private final int delayMs;
  private final ScheduledExecutorService worker;
  private final ScheduledExecutorService watch;
  private final SharedValues shared;
  private final List<IntConsumer> suspecting = new CopyOnWriteArrayList<>();
  private volatile @Nullable HazelcastInstance members;
  private volatile @Nullable MembershipOptions options;
  private volatile boolean ending;

  // Owner: the worker.
  private final Set<String> peers = new TreeSet<>();
  private @Nullable Vertx vertx;
  private @Nullable ScheduledFuture<?> looking;
  private boolean met;
  private boolean starting;
  private boolean closed;
  private boolean saidTrouble;
  private int attempt;
  private long answeredBefore;
  private int stillChecks;
  private int sinceRefreshSeconds;

  /**
   * Starts nothing yet.
   *
   * @param events where is told when others cannot be met
   * @param delayMs time from the first meeting to the start of what lets brokers see each other: it
   *     takes seconds of CPU, which a broker that catches up with the others needs more
   */
  public Membership(EventLog events, int delayMs) {
    this.delayMs = delayMs;
    this.events = events;
    worker = oneThread("membership");
    watch = oneThread("membership-watch");
    shared = new SharedValues(this::work);
  }

  private static ScheduledExecutorService oneThread(String name) {
    ThreadFactory threads =
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        };
    ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, threads);
    one.setRemoveOnCancelPolicy(true);
    // What comes after the end concerns nobody any more.
    one.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return one;
  }

  /**
   * Takes notice of these brokers, and starts when it has not: call it again as more are known.
   *
   * @param as where and as whom; that of the first call counts
   */
  public void meet(MembershipOptions as, List<PeerAddress> known) {
    work(
        () -> {
          if (options == null) {
            options = as;
          }
          known.forEach(
              peer ->
                  peers.add(
                      peer.host() + ":" + (peer.port() + MembershipOptions.MEMBER_PORT_OFFSET)));
          if (vertx != null) {
            tellPeers();
          } else if (!met) {
            met = true;
            worker.schedule(() -> work(this::beginAgain), delayMs, TimeUnit.MILLISECONDS);
            worker.scheduleWithFixedDelay(
                () -> work(this::check), CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
          }
        });
  }

  /** What all brokers may see. */
  public SoftShare share() {
    return shared;
  }

  @Override
  public void onSuspect(IntConsumer listener) {
    suspecting.add(listener);
  }

  @Override
  public List<Card> present() {
    MembershipOptions as = options;
    if (as == null) {
      return List.of();
    }
    HazelcastInstance now = members;
    if (now == null) {
      return List.of(as.self());
    }
    try {
      Map<Integer, Card> byId =
          now.getCluster().getMembers().stream()
              .map(MemberCard::read)
              .flatMap(Optional::stream)
              .collect(Collectors.toMap(Card::brokerId, card -> card, (one, other) -> other));
      byId.put(as.self().brokerId(), as.self());
      return byId.values().stream().sorted(Comparator.comparingInt(Card::brokerId)).toList();
    } catch (RuntimeException e) {
      // It ended between the two calls.
      return List.of(as.self());
    }
  }

  /**
   * The broker begins to stop: what has not begun does not begin any more. In a process that ends
   * it could not, and would say so as a fault. Any thread.
   */
  public void beginNoMore() {
    ending = true;
  }

  /** Leaves the others; completes after a bounded time, whatever hangs. */
  public Future<Void> close() {
    Promise<Void> left = Promise.promise();
    worker.execute(
        () -> {
          closed = true;
          Vertx open = vertx;
          forget();
          if (open == null) {
            left.tryComplete();
          } else {
            open.close().onComplete(done -> left.tryComplete());
          }
        });
    watch.schedule(() -> left.tryComplete(), CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    return left.future()
        .onComplete(
            done -> {
              worker.shutdown();
              watch.shutdown();
            });
  }

  /** The member that is open now, or null. */
  @Nullable HazelcastInstance instance() {
    return members;
  }

  /** A fault of one step must not end the steps behind it. */
  private void work(Runnable step) {
    worker.execute(
        () -> {
          try {
            step.run();
          } catch (RuntimeException e) {
            LOG.warn("sharing with other brokers met a fault", e);
          }
        });
  }

  private MembershipOptions options() {
    return Objects.requireNonNull(options, "nobody was met yet");
  }

  private void begin() {
    starting = true;
    int number = ++attempt;
    String bound;
    try {
      bound = InetAddress.getByName(options().host()).getHostAddress();
    } catch (UnknownHostException e) {
      started(number, Future.failedFuture(e), null);
      return;
    }
    HazelcastClusterManager manager =
        new HazelcastClusterManager(HazelcastSettings.of(options(), bound, peers));
    Vertx.builder()
        .with(vertxOptions(bound))
        .withClusterManager(manager)
        .buildClustered()
        .onComplete(built -> work(() -> started(number, built, manager)));
    worker.schedule(() -> late(number), START_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private VertxOptions vertxOptions(String bound) {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(2)
        // Its blocking work waits for other machines; a warning with a stack would help nobody.
        .setMaxWorkerExecuteTime(1)
        .setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS)
        .setEventBusOptions(new EventBusOptions().setHost(bound).setPort(options().eventBusPort()));
  }

  private void started(
      int number, AsyncResult<Vertx> built, @Nullable HazelcastClusterManager manager) {
    if (built.failed() || manager == null) {
      starting = false;
      trouble("could not start: " + reason(built.cause()));
      worker.schedule(() -> work(this::beginAgain), RETRY_SECONDS, TimeUnit.SECONDS);
      return;
    }
    if (closed || number != attempt) {
      built.result().close();
      return;
    }
    starting = false;
    vertx = built.result();
    HazelcastInstance joined = manager.getHazelcastInstance();
    Lookout lookout = new Lookout(joined, this::came, this::went);
    lookout.hint(watch);
    looking =
        watch.scheduleWithFixedDelay(lookout::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    joined.getLifecycleService().addLifecycleListener(e -> lifecycle(number, e.getState()));
    members = joined;
    shared.open(joined);
    LOG.info("meeting other brokers at {}:{}", options().host(), options().memberPort());
    if (saidTrouble) {
      saidTrouble = false;
      events.add(Event.info("membership.back", "Other brokers are met again."));
    }
  }

  private static String reason(@Nullable Throwable cause) {
    Throwable deepest = cause;
    while (deepest != null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == null ? "for no known reason" : String.valueOf(deepest.getMessage());
  }

  private void late(int number) {
    if (starting && number == attempt && !closed) {
      trouble("has not started within " + START_SECONDS_MAX + " s");
    }
  }

  private void beginAgain() {
    if (!closed && !ending && !starting && vertx == null) {
      begin();
    }
  }

  private void tellPeers() {
    HazelcastInstance now = members;
    if (now != null) {
      now.getConfig()
          .getAdvancedNetworkConfig()
          .getJoin()
          .getTcpIpConfig()
          .setMembers(List.copyOf(peers));
    }
  }

  private void lifecycle(int number, LifecycleState state) {
    switch (state) {
      case MERGED -> work(shared::writeAllAgain);
      case SHUTDOWN -> work(() -> ended(number));
      default -> LOG.debug("membership is {}", state);
    }
  }

  private void ended(int number) {
    if (!closed && number == attempt && vertx != null) {
      Vertx broken = vertx;
      forget();
      broken.close();
      trouble("ended");
      worker.schedule(() -> work(this::beginAgain), CHECK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void forget() {
    vertx = null;
    members = null;
    if (looking != null) {
      looking.cancel(false);
      looking = null;
    }
    shared.close();
  }

  /** Every few seconds: refreshes what is shared, and notices when nothing is answered. */
  private void check() {
    sinceRefreshSeconds += CHECK_SECONDS;
    if (sinceRefreshSeconds > HazelcastSettings.VALUE_LIFE_SECONDS / 3) {
      sinceRefreshSeconds = 0;
      shared.writeAllAgain();
    }
    shared.tryAgain();
    boolean still = shared.waits() && shared.answered() == answeredBefore;
    answeredBefore = shared.answered();
    stillChecks = still ? stillChecks + 1 : 0;
    if (stillChecks == STILL_CHECKS_MAX) {
      trouble("does not answer");
    }
  }

  private void trouble(String what) {
    if (saidTrouble) {
      LOG.debug("membership {}", what);
      return;
    }
    saidTrouble = true;
    String text =
        "What shows brokers each other (Hazelcast on "
            + options().host()
            + ":"
            + options().memberPort()
            + ") "
            + what
            + ". The broker serves on: only displays of other brokers' groups may be out of date,"
            + " and a silent broker is noticed later.";
    LOG.warn(text);
    events.add(Event.of("membership.trouble", Event.Level.WARN, text));
  }

  private void came(Card card) {
    LOG.info("sees broker {} at {}", card.brokerId(), card.peer());
  }

  private void went(Card card) {
    LOG.info("no longer sees broker {} at {}", card.brokerId(), card.peer());
    suspecting.forEach(listener -> listener.accept(card.brokerId()));
    work(shared::writeAllAgain);
  }
}
