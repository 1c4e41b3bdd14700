package io.millrace.handler;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.FollowerFetch;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.Touched;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a follower's session whose records lie far behind the end of their logs. A
 * worker looks for them and brings them into memory before they are read for an answer, for no more
 * at once than one answer has room for; the other partitions do not wait for it.
 *
 * <p>Confined to: the loop of the session.
 */
final class ColdParts {
  private final EventLoop loop;
  private final Consumer<FollowerPart> look;
  private final Runnable found;

  // Owner: the loop of the session.
  private final Map<FollowerPart, Search> searches = new HashMap<>();
  private final Set<FollowerPart> later = new LinkedHashSet<>();
  private int room;
  private long reserved;

  /** What a worker does, or did, for one place in a log. */
  private static final class Search {
    private final FollowerFetch fetch;
    private final int bytes;
    private @Nullable Touched found;

    Search(FollowerFetch fetch, int bytes) {
      this.fetch = fetch;
      this.bytes = bytes;
    }
  }

  /**
   * @param look called with a partition that was kept, when that may be over
   * @param found called then if a worker has ended, and there may be something to answer
   */
  ColdParts(EventLoop loop, Consumer<FollowerPart> look, Runnable found) {
    this.loop = loop;
    this.look = look;
    this.found = found;
  }

  /** Bytes of records that an answer may have. */
  void setRoom(int bytes) {
    room = Math.max(0, bytes);
  }

  /**
   * Whether records of the partition must not be read yet; then a worker is at it, or will be. One
   * that is not told records now is not kept.
   */
  boolean keeps(FollowerPart part) {
    Partition partition = part.partition();
    FollowerFetch fetch = part.fetch();
    if (partition == null
        || fetch == null
        || !partition.isCold(part.offset())
        || !part.awaitsRecords()) {
      return false;
    }
    Search search = searches.get(part);
    if (search != null && search.fetch == fetch) {
      return search.found == null;
    }
    if (hasRoom(part)) {
      begin(part, partition, new Search(fetch, bytes(part)));
    } else {
      later.add(part);
    }
    return true;
  }

  /** One search may always be made; others for whom an answer would have no room wait for it. */
  private boolean hasRoom(FollowerPart part) {
    int bytes = bytes(part);
    return searches.isEmpty() || (bytes > 0 && reserved + bytes <= room);
  }

  private int bytes(FollowerPart part) {
    return Math.max(0, Math.min(room, part.maxBytes()));
  }

  private void begin(FollowerPart part, Partition partition, Search search) {
    // As the answer: only its first batch may be larger than what there is room for.
    boolean minOneBatch = searches.isEmpty();
    searches.put(part, search);
    reserved += search.bytes;
    partition
        .findCold(loop, part.offset(), search.bytes, ReadLimit.LOG_END, minOneBatch)
        .onComplete(
            done -> {
              search.found = done.succeeded() ? done.result() : Touched.NOTHING;
              if (searches.get(part) == search) {
                look.accept(part);
                found.run();
              }
            });
  }

  /** What a worker has brought into memory for the place that the follower named last. */
  Touched touched(FollowerPart part) {
    Search search = searches.get(part);
    Touched found = search == null || search.fetch != part.fetch() ? null : search.found;
    return found == null ? Touched.NOTHING : found;
  }

  /** The partition was answered, names another place, or gets no records for a while. */
  void forget(FollowerPart part) {
    later.remove(part);
    Search search = searches.remove(part);
    if (search == null) {
      return;
    }
    reserved -= search.bytes;
    while (!later.isEmpty() && hasRoom(later.iterator().next())) {
      FollowerPart next = later.iterator().next();
      later.remove(next);
      look.accept(next);
    }
  }

  /** Forgets all of them. */
  void clear() {
    searches.clear();
    later.clear();
    reserved = 0;
  }
}
