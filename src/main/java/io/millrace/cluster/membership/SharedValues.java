package io.millrace.cluster.membership;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.millrace.cluster.SoftShare;
import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared values in maps of Hazelcast. What this broker published is kept here as well and written
 * again when the members change, so a value outlives whoever held it; a value that another broker
 * has published since is no longer this one's.
 *
 * <p>Who published last is told by the order of a key's events, which is that of its writes: what
 * another broker wrote before our own write was heard is older than ours.
 *
 * <p>Thread-safe: callers leave what they publish in a queue of one value per key; {@link #worker}
 * alone owns what is written to Hazelcast. Of a key, one write at a time is under way: a repeated
 * attempt could overtake the next.
 */
final class SharedValues implements SoftShare {
  /** Most keys that one broker publishes, and most values per space that one member holds. */
  static final int KEYS_MAX = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(SharedValues.class);
  private static final int IN_FLIGHT_MAX = 64;

  private record Place(String space, String key) {}

  private enum Change {
    WRITE,
    REMOVE
  }

  /**
   * What this broker published.
   *
   * @param heard whether the event of its write has come
   */
  private record Published(byte[] value, boolean heard) {}

  private record Follower(String space, EventLoop loop, Listener listener) {}

  private final Executor worker;
  private final Map<Place, Published> own = new ConcurrentHashMap<>();
  private final Map<Place, Change> waiting = new ConcurrentHashMap<>();
  private final Map<Place, Change> failed = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();

  // Owner: the worker.
  private final List<Follower> followers = new ArrayList<>();
  private final List<Following> followings = new ArrayList<>();
  private final Set<Place> inFlight = new HashSet<>();
  private @Nullable HazelcastInstance members;
  private long answered;

  /**
   * @param worker runs what it is given one after another, on one thread, and never refuses
   */
  SharedValues(Executor worker) {
    this.worker = worker;
  }

  @Override
  public boolean publish(String space, String key, byte[] value) {
    Place place = new Place(space, key);
    if (value.length > VALUE_BYTES_MAX || (own.size() >= KEYS_MAX && !own.containsKey(place))) {
      return false;
    }
    own.put(place, new Published(value.clone(), false));
    leave(place, Change.WRITE);
    return true;
  }

  @Override
  public void remove(String space, String key) {
    Place place = new Place(space, key);
    own.remove(place);
    leave(place, Change.REMOVE);
  }

  @Override
  public void release(String space, String key) {
    own.remove(new Place(space, key));
  }

  @Override
  public void follow(String space, EventLoop loop, Listener listener) {
    Follower follower = new Follower(space, loop, listener);
    worker.execute(
        () -> {
          followers.add(follower);
          if (members != null) {
            attach(members, follower);
          }
        });
  }

  /** On the worker: from now on values are shared through these members. */
  void open(HazelcastInstance through) {
    members = through;
    inFlight.clear();
    followings.clear();
    followers.forEach(follower -> attach(through, follower));
    writeAllAgain();
    tryAgain();
  }

  /** On the worker: there are no members any more; what is published waits for the next. */
  void close() {
    members = null;
    followings.clear();
  }

  /** On the worker: writes all that this broker published, for others may have lost it. */
  void writeAllAgain() {
    own.keySet().forEach(place -> waiting.putIfAbsent(place, Change.WRITE));
    pump();
  }

  /** On the worker: repeats what failed. */
  void tryAgain() {
    failed
        .keySet()
        .forEach(
            place -> {
              Change change = failed.remove(place);
              if (change != null) {
                waiting.putIfAbsent(place, change);
              }
            });
    followings.forEach(Following::begin);
    pump();
  }

  /** On the worker: whether writes wait for an answer. */
  boolean waits() {
    return !inFlight.isEmpty();
  }

  /** On the worker: how many writes were answered so far. */
  long answered() {
    return answered;
  }

  /** Number of values that were refused because they are not plain bytes. */
  int refused() {
    return refused.get();
  }

  /** The worker is woken once for all changes of a key that it has not seen yet. */
  private void leave(Place place, Change change) {
    if (waiting.put(place, change) == null) {
      worker.execute(this::pump);
    }
  }

  private void pump() {
    Iterator<Place> next = waiting.keySet().iterator();
    while (members != null && inFlight.size() < IN_FLIGHT_MAX && next.hasNext()) {
      Place place = next.next();
      Change change = inFlight.contains(place) ? null : waiting.remove(place);
      if (change != null) {
        send(members, place, change);
      }
    }
  }

  private void send(HazelcastInstance to, Place place, Change change) {
    Published mine = own.get(place);
    if ((change == Change.WRITE) != (mine != null)) {
      return;
    }
    try {
      IMap<String, byte[]> map = to.getMap(HazelcastSettings.SPACE_PREFIX + place.space());
      CompletionStage<?> written =
          mine == null ? map.removeAsync(place.key()) : map.setAsync(place.key(), mine.value());
      inFlight.add(place);
      written.whenCompleteAsync((done, fault) -> written(to, place, change, fault), worker);
    } catch (RuntimeException e) {
      LOG.debug("the shared value {} was not written: {}", place, e.toString());
      failed.put(place, change);
    }
  }

  private void written(
      HazelcastInstance to, Place place, Change change, @Nullable Throwable fault) {
    if (fault != null) {
      LOG.debug("the shared value {} was not written: {}", place, fault.toString());
      failed.put(place, change);
    }
    if (to == members) {
      inFlight.remove(place);
      answered++;
      pump();
    }
  }

  private void attach(HazelcastInstance through, Follower follower) {
    Following following =
        new Following(this, through, follower.space(), follower.loop(), follower.listener());
    followings.add(following);
    following.begin();
  }

  /** On any thread: a value is there, and it was not another broker that wrote it just now. */
  void heardOwn(String space, String key, byte[] value) {
    own.computeIfPresent(
        new Place(space, key),
        (place, mine) ->
            mine.heard() || !Arrays.equals(mine.value(), value)
                ? mine
                : new Published(mine.value(), true));
  }

  /** On any thread: another broker wrote or took away a value. */
  void heardOther(String space, String key) {
    Place at = new Place(space, key);
    own.computeIfPresent(at, (place, mine) -> mine.heard() ? null : mine);
    failed.remove(at, Change.REMOVE);
  }

  /** On any thread: what was heard is not plain bytes. */
  void refuse(String space, Object key, Throwable cause) {
    if (refused.getAndIncrement() == 0) {
      LOG.warn(
          "a shared value that is not plain bytes was refused (space {}, key {}): {}; further ones"
              + " are dropped without a word",
          space,
          key,
          cause.toString());
    }
  }
}
