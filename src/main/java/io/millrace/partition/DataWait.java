package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One reader that waits for data in any of several partitions; the first that moves wakes it, once.
 *
 * <p>Confined to: the reader's loop.
 */
public final class DataWait implements Registration {

  /**
   * A partition that a reader waits for.
   *
   * @param seen {@link ReadOutcome#limit} of its last read
   */
  public record Place(Partition partition, long seen) {}

  private final EventLoop reader;
  private final Runnable wake;
  private final Map<EventLoop, Waiters.ShardWait> waits = new LinkedHashMap<>();
  private boolean over;

  private DataWait(EventLoop reader, Runnable wake) {
    this.reader = reader;
    this.wake = wake;
  }

  /**
   * Begins to wait.
   *
   * @param places partitions that were open when they were read
   * @param wake runs once on the reader's loop, unless {@link #cancel} was called before
   */
  public static DataWait begin(
      EventLoop reader, ReadLimit limit, List<Place> places, Runnable wake) {
    DataWait wait = new DataWait(reader, wake);
    Map<EventLoop, List<Parking>> byShard = new LinkedHashMap<>();
    for (Place place : places) {
      LocalReplica replica = place.partition.replica();
      if (replica != null) {
        byShard
            .computeIfAbsent(replica.stored().shard(), shard -> new ArrayList<>())
            .add(new Parking(replica, place.seen));
      }
    }
    byShard.forEach((shard, parkings) -> wait.park(shard, limit, parkings));
    return wait;
  }

  private record Parking(LocalReplica replica, long seen) {}

  private void park(EventLoop shard, ReadLimit limit, List<Parking> parkings) {
    Waiters.ShardWait place = new Waiters.ShardWait(() -> reader.execute(() -> woken(shard)));
    waits.put(shard, place);
    for (Parking parking : parkings) {
      place.add(parking.replica.waiters(limit));
    }
    place.begin();
    for (Parking parking : parkings) {
      if (parking.replica.hasMoved(limit, parking.seen)) {
        reader.execute(this::fire);
        return;
      }
    }
  }

  /**
   * The shard that wakes has taken its own place away; another step for that would wake it anew.
   */
  private void woken(EventLoop shard) {
    waits.remove(shard);
    fire();
  }

  private void fire() {
    if (!over) {
      cancel();
      wake.run();
    }
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    waits.forEach((shard, place) -> shard.execute(place::cancel));
    waits.clear();
  }
}
