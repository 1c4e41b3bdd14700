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
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.millrace.cluster.SoftShare;
import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one follower of the values of one space: first of each that is there, then of every change.
 * A change that comes while the first are still being read counts more than what was read.
 *
 * <p>Thread-safe: the worker reads, Hazelcast's event thread tells of changes.
 */
final class Following
    implements EntryAddedListener<String, byte[]>,
        EntryUpdatedListener<String, byte[]>,
        EntryMergedListener<String, byte[]>,
        EntryRemovedListener<String, byte[]>,
        EntryEvictedListener<String, byte[]>,
        EntryExpiredListener<String, byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(Following.class);

  private final SharedValues values;
  private final HazelcastInstance through;
  private final String space;
  private final EventLoop loop;
  private final SoftShare.Listener listener;

  // Owner: the worker.
  private boolean listening;

  // Guarded by this.
  private final Set<String> changed = new HashSet<>();
  private boolean whole;

  Following(
      SharedValues values,
      HazelcastInstance through,
      String space,
      EventLoop loop,
      SoftShare.Listener listener) {
    this.values = values;
    this.through = through;
    this.space = space;
    this.loop = loop;
    this.listener = listener;
  }

  /**
   * On the worker, for which other members are waited: listens, and reads what is there. Does
   * nothing when that is done; what failed is done by the next call.
   */
  void begin() {
    if (isWhole()) {
      return;
    }
    try {
      IMap<String, byte[]> map = through.getMap(HazelcastSettings.SPACE_PREFIX + space);
      if (!listening) {
        map.addEntryListener(this, true);
        listening = true;
      }
      for (String key : new ArrayList<>(map.keySet())) {
        read(map, key);
      }
      end();
    } catch (HazelcastSerializationException | ClassCastException e) {
      values.refuse(space, "of any kind", e);
      end();
    } catch (RuntimeException e) {
      LOG.debug("the values of {} cannot be followed now: {}", space, e.toString());
    }
  }

  private void read(IMap<String, byte[]> map, String key) {
    try {
      byte[] value = map.get(key);
      if (value != null) {
        tellRead(key, value);
      }
    } catch (HazelcastSerializationException | ClassCastException e) {
      values.refuse(space, key, e);
    }
  }

  private synchronized boolean isWhole() {
    return whole;
  }

  private synchronized void end() {
    whole = true;
    changed.clear();
  }

  private synchronized void tellRead(String key, byte[] value) {
    if (!changed.contains(key)) {
      values.heardOwn(space, key, value);
      tell(key, value);
    }
  }

  private synchronized void tellChange(String key, byte @Nullable [] value) {
    if (!whole) {
      changed.add(key);
    }
    tell(key, value);
  }

  private void tell(String key, byte @Nullable [] value) {
    loop.execute(() -> listener.changed(key, value));
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
    gone(event, !isOwn(event));
  }

  @Override
  public void entryEvicted(EntryEvent<String, byte[]> event) {
    gone(event, false);
  }

  @Override
  public void entryExpired(EntryEvent<String, byte[]> event) {
    gone(event, false);
  }

  private boolean isOwn(EntryEvent<String, byte[]> event) {
    return event.getMember().equals(through.getCluster().getLocalMember());
  }

  private void put(EntryEvent<String, byte[]> event) {
    try {
      String key = event.getKey();
      byte[] value = event.getValue();
      if (isOwn(event)) {
        values.heardOwn(space, key, value);
      } else {
        values.heardOther(space, key);
      }
      tellChange(key, value);
    } catch (RuntimeException e) {
      values.refuse(space, "of " + event.getMember(), e);
    }
  }

  private void gone(EntryEvent<String, byte[]> event, boolean takenByOther) {
    try {
      String key = event.getKey();
      if (takenByOther) {
        values.heardOther(space, key);
      }
      tellChange(key, null);
    } catch (RuntimeException e) {
      values.refuse(space, "of " + event.getMember(), e);
    }
  }
}
