package io.millrace.partition.remote;

import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.CommittedRead;
import io.millrace.partition.Registration;
import io.millrace.partition.remote.LeaderCalls.Wish;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition that another broker leads, for all readers on this one. While somebody waits for
 * data one fetch waits at the leader, which answers as soon as the limit moves; what it brings is
 * kept in a bounded window, so that readers who keep up cost the leader one fetch together.
 *
 * <p>Confined to: the loop of the feeds, save {@link #read}, {@link #awaitData} and {@link #end}.
 */
final class RemoteFeed {
  private static final int FETCH_BYTES = 256 << 10;
  private static final int WAIT_MS = 5_000;
  private static final int RETRY_MS = 50;
  private static final long STALE_MS = 1_000;

  private final EventLoop loop;
  private final TopicIdPartition id;
  private final LeaderCalls calls;
  private final Supplier<ClusterImage> image;
  private final IntSupplier windowBytesMax;

  // Any thread reads them.
  private volatile Window window = Window.EMPTY;
  private volatile long usedAtMs;
  private volatile long limitAtMs;
  private final ToldEnd toldEnd = new ToldEnd();

  // Owner: the loop of the feeds.
  private final List<Waiter> waiters = new ArrayList<>(1);
  private final Map<Wish, Future<Fetched>> reads = new HashMap<>(0);
  private @Nullable Leader leader;
  private boolean isRefreshing;

  /** The fetch that waits at the leader: an answer of another one is not wanted any more. */
  private @Nullable Object tail;

  /** A reader that has seen everything up to a limit. */
  private final class Waiter implements Registration {
    final EventLoop reader;
    final long seen;
    private final Runnable wake;
    private boolean over;

    Waiter(EventLoop reader, long seen, Runnable wake) {
      this.reader = reader;
      this.seen = seen;
      this.wake = wake;
    }

    /** On the loop of the feeds. */
    void fire() {
      reader.execute(
          () -> {
            if (!over) {
              over = true;
              wake.run();
            }
          });
    }

    @Override
    public void cancel() {
      if (!over) {
        over = true;
        loop.execute(() -> waiters.remove(this));
      }
    }
  }

  /**
   * @param loop the loop that owns it
   * @param image who leads
   * @param windowBytesMax how many bytes of batches it may keep now
   */
  RemoteFeed(
      EventLoop loop,
      TopicIdPartition id,
      LeaderCalls calls,
      Supplier<ClusterImage> image,
      IntSupplier windowBytesMax) {
    this.loop = loop;
    this.id = id;
    this.calls = calls;
    this.image = image;
    this.windowBytesMax = windowBytesMax;
    this.usedAtMs = loop.clock().monotonicMs();
  }

  /** Last stable offset that was told last; asks for a newer one when it is old. Any thread. */
  long end() {
    touch();
    long nowMs = loop.clock().monotonicMs();
    if (window.limit() < 0 || nowMs - limitAtMs > STALE_MS) {
      loop.execute(this::refresh);
    }
    return window.limit();
  }

  /** A reader knows from that leader that the partition reaches to there. Any thread. */
  void told(Leader by, long end) {
    touch();
    toldEnd.told(by.leaderEpoch(), end);
  }

  /** What {@link #told} was given last; -1 before. Any thread. */
  long toldEnd() {
    return toldEnd.offset();
  }

  /**
   * Reads what is in the window at once, and the rest from the leader. Any thread.
   *
   * @return on {@code reader}; refused with a retriable error while there is no leader
   */
  Future<CommittedRead> read(EventLoop reader, long from, int maxBytes) {
    touch();
    CommittedRead here = window.read(from, maxBytes);
    return here != null
        ? Future.succeededFuture(here)
        : reader.ask(loop, () -> fetch(new Wish(from, maxBytes, 0))).map(Fetched::read);
  }

  /** Wakes a reader when the limit is another than it saw, or the leader changed. Any thread. */
  Registration awaitData(EventLoop reader, long seen, Runnable wake) {
    touch();
    Waiter waiter = new Waiter(reader, seen, wake);
    loop.execute(() -> await(waiter));
    return waiter;
  }

  private void touch() {
    usedAtMs = loop.clock().monotonicMs();
  }

  /** Whether nobody has asked for it in that time, and nobody waits. */
  boolean isIdle(long forMs) {
    return waiters.isEmpty() && loop.clock().monotonicMs() - usedAtMs > forMs;
  }

  private void await(Waiter waiter) {
    if (waiter.seen < window.limit()) {
      waiter.fire();
      return;
    }
    if (waiter.seen > window.next()) {
      // All before it was read from the leader without the window.
      window = Window.at(waiter.seen, waiter.seen, window.logStartOffset());
      tail = null;
    }
    waiters.add(waiter);
    follow();
  }

  /** Lets a fetch wait at the leader, unless one does. */
  private void follow() {
    Leader now = Leader.of(image.get(), id);
    leader = now;
    if (tail != null || waiters.isEmpty()) {
      return;
    }
    Object mine = new Object();
    tail = mine;
    if (now == null) {
      followLater(mine);
      return;
    }
    calls
        .fetch(loop, id, now, new Wish(window.next(), FETCH_BYTES, WAIT_MS))
        .onComplete(
            done -> {
              if (tail == mine) {
                took(mine, done.succeeded() ? done.result() : null);
              }
            });
  }

  private void took(Object mine, @Nullable Fetched fetched) {
    if (fetched == null || fetched.error() != Errors.NONE) {
      boolean forReaders = fetched != null && !Patience.isPassing(fetched.error());
      if (forReaders) {
        wakeAll();
      }
      followLater(mine);
      return;
    }
    tail = null;
    grow(fetched);
    touch();
    waiters.removeIf(
        waiter -> {
          boolean moved = waiter.seen != window.limit();
          if (moved) {
            waiter.fire();
          }
          return moved;
        });
    follow();
  }

  private void grow(Fetched fetched) {
    window = window.plus(fetched, windowBytesMax.getAsInt());
    limitAtMs = loop.clock().monotonicMs();
  }

  private void followLater(Object mine) {
    loop.schedule(
        RETRY_MS,
        () -> {
          if (tail == mine) {
            tail = null;
            follow();
          }
        });
  }

  private void wakeAll() {
    List<Waiter> all = List.copyOf(waiters);
    waiters.clear();
    all.forEach(Waiter::fire);
  }

  /** Readers that ask for the same meanwhile share one answer. */
  private Future<Fetched> fetch(Wish wish) {
    Future<Fetched> running = reads.get(wish);
    if (running != null) {
      return running;
    }
    Leader now = Leader.of(image.get(), id);
    if (now == null) {
      return Future.succeededFuture(Fetched.refused(Errors.LEADER_NOT_AVAILABLE));
    }
    Future<Fetched> read = calls.fetch(loop, id, now, wish);
    reads.put(wish, read);
    return read.onComplete(
        done -> {
          reads.remove(wish);
          if (done.succeeded() && done.result().error() == Errors.NONE) {
            learn(wish, done.result());
          }
        });
  }

  private void learn(Wish wish, Fetched fetched) {
    if (tail == null && wish.offset() == window.next()) {
      grow(fetched);
    } else if (tail == null && window.pieces().isEmpty()) {
      window = Window.at(wish.offset(), fetched.limit(), fetched.logStartOffset());
      grow(fetched);
    } else if (fetched.limit() > window.limit()) {
      Window before = window;
      window =
          new Window(before.next(), fetched.limit(), fetched.logStartOffset(), before.pieces());
    }
  }

  private void refresh() {
    Leader now = Leader.of(image.get(), id);
    if (isRefreshing || now == null || tail != null) {
      return;
    }
    isRefreshing = true;
    calls
        .offsets(loop, id, now)
        .onComplete(
            done -> {
              isRefreshing = false;
              if (done.succeeded() && done.result().error() == Errors.NONE) {
                Window before = window;
                long limit = done.result().limit();
                window =
                    new Window(
                        before.next() < 0 ? limit : before.next(),
                        limit,
                        done.result().logStartOffset(),
                        before.pieces());
                limitAtMs = loop.clock().monotonicMs();
              }
            });
  }

  /** The cluster has changed: another leader is asked, and readers look whether it is here. */
  void imageChanged() {
    Leader now = Leader.of(image.get(), id);
    boolean same =
        now == null
            ? leader == null
            : leader != null
                && now.brokerId() == leader.brokerId()
                && now.leaderEpoch() == leader.leaderEpoch();
    if (same) {
      return;
    }
    // What was kept stays: it was committed. What waits at the old leader is of no use.
    tail = null;
    leader = now;
    wakeAll();
  }
}
