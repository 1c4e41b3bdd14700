package io.millrace.cluster.membership;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryEvictedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryMergedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import io.millrace.cluster.SoftShare;
import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * <p>Thread-safe: callers leave what they publish in a queue of one value per key; {@link #worker}
 * alone owns what is written to Hazelcast.
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

  private record Follower(String space, EventLoop loop, Listener listener) {}

  private final Executor worker;
  private final Map<Place, byte[]> own = new ConcurrentHashMap<>();
  private final Map<Place, Change> waiting = new ConcurrentHashMap<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();

  // Owner: the worker.
  private @Nullable HazelcastInstance members;
  private int inFlight;
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
    own.put(place, value.clone());
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
    inFlight = 0;
    followers.forEach(follower -> attach(through, follower));
    writeAllAgain();
  }

  /** On the worker: there are no members any more; what is published waits for the next. */
  void close() {
    members = null;
  }

  /** On the worker: writes all that this broker published, for others may have lost it. */
  void writeAllAgain() {
    own.keySet().forEach(place -> waiting.putIfAbsent(place, Change.WRITE));
    pump();
  }

  /** On the worker: whether writes wait for an answer. */
  boolean waits() {
    return inFlight > 0;
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
    while (members != null && inFlight < IN_FLIGHT_MAX && next.hasNext()) {
      Place place = next.next();
      Change change = waiting.remove(place);
      if (change != null) {
        send(members, place, change);
      }
    }
  }

  private void send(HazelcastInstance to, Place place, Change change) {
    byte[] value = own.get(place);
    if ((change == Change.WRITE) != (value != null)) {
      return;
    }
    try {
      IMap<String, byte[]> map = to.getMap(HazelcastSettings.SPACE_PREFIX + place.space());
      CompletionStage<?> written =
          value == null ? map.removeAsync(place.key()) : map.setAsync(place.key(), value);
      inFlight++;
      written.whenCompleteAsync((done, fault) -> written(to, place, fault), worker);
    } catch (RuntimeException e) {
      // The members are going down; what is ours is written to the next ones.
      LOG.debug("a shared value was not written: {}", e.toString());
    }
  }

  private void written(HazelcastInstance to, Place place, @Nullable Throwable fault) {
    if (to == members) {
      inFlight--;
      answered++;
      if (fault != null) {
        LOG.debug("the shared value {} was not written: {}", place, fault.toString());
      }
      pump();
    }
  }

  private void attach(HazelcastInstance through, Follower follower) {
    try {
      IMap<String, byte[]> map = through.getMap(HazelcastSettings.SPACE_PREFIX + follower.space());
      map.addEntryListener(new Changes(follower, through), true);
      for (String key : new ArrayList<>(map.keySet())) {
        tellPresent(map, key, follower);
      }
    } catch (RuntimeException e) {
      LOG.debug("the values of {} cannot be followed now: {}", follower.space(), e.toString());
    }
  }

  private void tellPresent(IMap<String, byte[]> map, String key, Follower follower) {
    try {
      byte[] value = map.get(key);
      if (value != null) {
        tell(follower, key, value);
      }
    } catch (RuntimeException e) {
      refuse(follower.space(), key, e);
    }
  }

  private void tell(Follower follower, String key, byte @Nullable [] value) {
    follower.loop().execute(() -> follower.listener().changed(key, value));
  }

  private void refuse(String space, Object key, Throwable cause) {
    if (refused.getAndIncrement() == 0) {
      LOG.warn(
          "a shared value that is not plain bytes was refused (space {}, key {}): {}; further ones"
              + " are dropped without a word",
          space,
          key,
          cause.toString());
    }
  }

  /** Hears of one map for one follower, on Hazelcast's event thread. */
  private final class Changes
      implements EntryAddedListener<String, byte[]>,
          EntryUpdatedListener<String, byte[]>,
          EntryMergedListener<String, byte[]>,
          EntryRemovedListener<String, byte[]>,
          EntryEvictedListener<String, byte[]>,
          EntryExpiredListener<String, byte[]> {
    private final Follower follower;
    private final HazelcastInstance through;

    Changes(Follower follower, HazelcastInstance through) {
      this.follower = follower;
      this.through = through;
    }

    @Override
    public void entryAdded(EntryEvent<String, byte[]> event) {
      put(event);
    }

    @Override
    public void entryUpdated(EntryEvent<String, byte[]> event) {
      put(event);
    }

    @Override
    public void entryMerged(EntryEvent<String, byte[]> event) {
      put(event);
    }

    @Override
    public void entryRemoved(EntryEvent<String, byte[]> event) {
      gone(event);
    }

    @Override
    public void entryEvicted(EntryEvent<String, byte[]> event) {
      gone(event);
    }

    @Override
    public void entryExpired(EntryEvent<String, byte[]> event) {
      gone(event);
    }

    private void put(EntryEvent<String, byte[]> event) {
      try {
        String key = event.getKey();
        byte[] value = event.getValue();
        if (!event.getMember().equals(through.getCluster().getLocalMember())) {
          own.remove(new Place(follower.space(), key));
        }
        tell(follower, key, value);
      } catch (RuntimeException e) {
        refuse(follower.space(), "of " + event.getMember(), e);
      }
    }

    private void gone(EntryEvent<String, byte[]> event) {
      try {
        tell(follower, event.getKey(), null);
      } catch (RuntimeException e) {
        refuse(follower.space(), "of " + event.getMember(), e);
      }
    }
  }
}
