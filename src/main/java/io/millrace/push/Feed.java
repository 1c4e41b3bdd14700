package io.millrace.push;

import io.millrace.browser.frame.FrameFormat;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.Registration;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition in one format, for all sockets of a loop. Those that have read everything stand in
 * a list; when more is committed it is read and cut once, and each of them is written the same
 * frames. Whoever has no credit leaves the list, and is served from the frames that were cut lately
 * or by a read of its own until it has caught up.
 *
 * <p>Confined to: its loop.
 */
final class Feed {
  private static final long NOWHERE = -1;

  private final PushLoop home;
  private final CommittedLog partition;
  private final FrameFormat format;
  private final FeedReader reader;
  private final FrameCache cache = new FrameCache();
  private final LiveCursors live = new LiveCursors();
  private final ArrayList<Cursor> left = new ArrayList<>(0);

  /** Cursors that wait for a worker's read, by the offset that it began at. */
  private final Map<Long, List<Cursor>> reads = new HashMap<>(0);

  /** Where those in the list stand. */
  private long tail = NOWHERE;

  private boolean readingTail;
  private @Nullable Registration waiting;
  private int users;

  Feed(PushLoop home, CommittedLog partition, FrameFormat format) {
    this.home = home;
    this.partition = partition;
    this.format = format;
    this.reader = new FeedReader(home, partition, format);
  }

  CommittedLog partition() {
    return partition;
  }

  FrameFormat format() {
    return format;
  }

  /** A cursor was made for it. */
  void join() {
    users++;
  }

  /** A cursor is gone. */
  void leave(Cursor cursor) {
    remove(cursor);
    users--;
    if (users == 0) {
      stopWaiting();
      cache.clear();
      home.forget(this);
    }
  }

  private void remove(Cursor cursor) {
    if (live.remove(cursor) && live.isEmpty() && !readingTail) {
      stopWaiting();
      tail = NOWHERE;
    }
  }

  /** First offset that cannot be read yet; -1 when the partition refuses. */
  long end() {
    return partition.end();
  }

  /** Sends a cursor what there is, as far as it may have it, and lets it wait at the end. */
  void serve(Cursor cursor) {
    while (cursor.liveIndex < 0 && !cursor.loading && cursor.wants()) {
      if (cursor.conflates || cursor.conflation != null) {
        if (serveConflated(cursor)) {
          continue;
        }
        break;
      }
      SharedFrame frame = cache.at(cursor.next);
      if (frame != null && frame.cut.first() == cursor.next) {
        if (cursor.subscription.admits(frame)) {
          cursor.take(frame);
        } else if (!readSome(cursor, frame.cut.next(), cursor.subscription.fewMore(cursor.next))) {
          break;
        }
      } else if (cursor.next == tail && tail != NOWHERE) {
        live.add(cursor);
      } else if (frame == null && cursor.subscription.jumps(cursor)) {
        continue;
      } else if (!readFor(cursor, frame)) {
        break;
      }
    }
    if (cursor.liveIndex < 0 && !cursor.loading) {
      cursor.subscription.held(cursor);
    }
  }

  /** Sends the newest records of what gathered. True when there is more to do at once. */
  private boolean serveConflated(Cursor cursor) {
    Conflation conflation = cursor.conflation;
    if (conflation != null && cursor.next < conflation.end()) {
      return readSome(cursor, conflation.end(), conflation.newest()::contains);
    }
    cursor.conflation = null;
    if (!cursor.conflates || cursor.next >= end()) {
      cursor.conflates = false;
      return true;
    }
    cursor.conflates = false;
    cursor.loading = true;
    Conflation.of(home, partition, cursor.next)
        .onComplete(
            done -> {
              cursor.loading = false;
              if (done.succeeded() && done.result().end() > cursor.next) {
                cursor.conflation = done.result();
              }
              cursor.serve();
            });
    return false;
  }

  /** Reads for one cursor alone. True when what was read has been sent: look again. */
  private boolean readSome(Cursor cursor, long upTo, LongPredicate keep) {
    Future<FeedRead> read = reader.read(cursor.next, upTo, keep);
    if (read.isComplete()) {
      return sendRead(cursor, read, true);
    }
    cursor.loading = true;
    read.onComplete(
        done -> {
          cursor.loading = false;
          if (sendRead(cursor, read, true)) {
            serve(cursor);
          }
        });
    return false;
  }

  /** Reads where a cursor stands. True when what was read has been sent: look again. */
  private boolean readFor(Cursor cursor, @Nullable SharedFrame inside) {
    long from = cursor.next;
    List<Cursor> reading = reads.get(from);
    if (reading != null) {
      cursor.loading = true;
      reading.add(cursor);
      return false;
    }
    long known = from < tail ? tail : Long.MAX_VALUE;
    long upTo = inside != null ? inside.cut.next() : cache.firstBehind(from, known);
    Future<FeedRead> read = reader.read(from, upTo);
    if (read.isComplete()) {
      return sendRead(cursor, read, false);
    }
    cursor.loading = true;
    reads.put(from, new ArrayList<>(List.of(cursor)));
    read.onComplete(done -> sendReads(from, read));
    return false;
  }

  /** What a worker read is sent to the one who asked; the others find it among the frames. */
  private void sendReads(long from, Future<FeedRead> read) {
    List<Cursor> asked = reads.remove(from);
    asked.forEach(cursor -> cursor.loading = false);
    if (sendRead(asked.get(0), read, false)) {
      serve(asked.get(0));
    }
    for (int i = 1; i < asked.size(); i++) {
      asked.get(i).serve();
    }
  }

  private boolean sendRead(Cursor cursor, Future<FeedRead> done, boolean alone) {
    if (done.failed()) {
      cursor.subscription.failed(cursor, Errors.KAFKA_STORAGE_ERROR);
      return false;
    }
    FeedRead read = done.result();
    try {
      return sendRead(cursor, read, alone);
    } finally {
      read.release();
    }
  }

  private boolean sendRead(Cursor cursor, FeedRead read, boolean alone) {
    if (cursor.isEnded()) {
      return false;
    }
    if (read.error() == Errors.OFFSET_OUT_OF_RANGE) {
      return cursor.subscription.outOfRange(cursor, read.logStartOffset());
    } else if (read.error() != Errors.NONE) {
      fail(read.error(), cursor);
      return false;
    }
    if (!read.isAtEnd() && read.next() <= cursor.next && read.unreadable().isEmpty()) {
      fail(Errors.CORRUPT_MESSAGE, cursor);
      return false;
    }
    if (alone) {
      home.counters().privateFrames += read.frames().size();
    } else {
      keep(read);
    }
    for (SharedFrame frame : read.frames()) {
      boolean fits = alone || cursor.subscription.admits(frame);
      if (frame.cut.first() == cursor.next && fits && cursor.wants()) {
        cursor.take(frame);
      }
    }
    read.tellUnreadable(cursor);
    if (read.isAtEnd()) {
      waitAtEnd(cursor, read.limit());
      return false;
    }
    return true;
  }

  private void keep(FeedRead read) {
    for (SharedFrame frame : read.frames()) {
      if (!frame.cut.isPrivate() && cache.at(frame.cut.first()) == null) {
        cache.add(frame, home.tick());
      }
    }
  }

  private void waitAtEnd(Cursor cursor, long limit) {
    live.add(cursor);
    if (waiting == null && !readingTail) {
      tail = limit;
      await(limit);
    }
  }

  private void await(long seen) {
    waiting = partition.awaitData(home.loop(), seen, this::moreCommitted);
  }

  private void stopWaiting() {
    Registration registration = waiting;
    waiting = null;
    if (registration != null) {
      registration.cancel();
    }
  }

  private void moreCommitted() {
    waiting = null;
    if (live.isEmpty()) {
      tail = NOWHERE;
    } else if (!readingTail) {
      readTail();
    }
  }

  private void readTail() {
    readingTail = true;
    reader
        .read(tail, Long.MAX_VALUE)
        .onComplete(
            done -> {
              readingTail = false;
              if (users == 0) {
                if (done.succeeded()) {
                  done.result().release();
                }
              } else if (done.failed()) {
                fail(Errors.KAFKA_STORAGE_ERROR, null);
              } else {
                sendTail(done.result());
              }
            });
  }

  private void sendTail(FeedRead read) {
    try {
      if (read.error() == Errors.OFFSET_OUT_OF_RANGE) {
        tail = NOWHERE;
        scatter();
        return;
      } else if (read.error() != Errors.NONE) {
        fail(read.error(), null);
        return;
      }
      if (!read.isAtEnd() && read.next() <= tail) {
        fail(Errors.CORRUPT_MESSAGE, null);
        return;
      }
      keep(read);
      tail = Math.max(tail, read.next());
      sendAll(read);
    } finally {
      read.release();
    }
    if (live.isEmpty()) {
      tail = NOWHERE;
    } else if (read.isAtEnd() || read.next() >= read.limit()) {
      await(read.limit());
    } else {
      home.loop().execute(this::moreCommitted);
    }
    serveLeft();
  }

  /** Each socket gets all frames in a row, so that it is flushed once. */
  private void sendAll(FeedRead read) {
    List<SharedFrame> frames = read.frames();
    for (int i = 0; i < live.size(); ) {
      Cursor cursor = live.get(i);
      for (int f = 0; f < frames.size(); f++) {
        SharedFrame frame = frames.get(f);
        boolean fits = cursor.subscription.admits(frame);
        if (frame.cut.first() != cursor.next || !fits || !cursor.wants()) {
          break;
        }
        cursor.take(frame);
      }
      read.tellUnreadable(cursor);
      if (cursor.next >= tail && cursor.liveIndex == i) {
        i++;
      } else if (cursor.liveIndex == i) {
        remove(cursor);
        left.add(cursor);
      }
    }
  }

  private void serveLeft() {
    if (left.isEmpty()) {
      return;
    }
    List<Cursor> behind = List.copyOf(left);
    left.clear();
    behind.forEach(Cursor::serve);
  }

  /** Everybody finds their place anew. */
  private void scatter() {
    stopWaiting();
    List<Cursor> all = live.all();
    all.forEach(this::remove);
    all.forEach(Cursor::serve);
  }

  /** The partition is gone, or cannot be read for now. */
  private void fail(Errors error, @Nullable Cursor asking) {
    stopWaiting();
    List<Cursor> all = new ArrayList<>(live.all());
    all.forEach(this::remove);
    tail = NOWHERE;
    if (asking != null) {
      all.add(asking);
    }
    all.forEach(cursor -> cursor.subscription.failed(cursor, error));
  }

  /** Timestamp of the record that a cursor waits for, or of the last it got; -1 when unknown. */
  long timestampNear(Cursor cursor) {
    SharedFrame frame = cache.at(cursor.next);
    boolean known = frame != null && frame.hasRecords();
    return known ? frame.cut.firstTimestampMs() : cursor.sentTimestampMs;
  }

  /** Lets go frames that nobody asked for lately. */
  void tick(long tick) {
    cache.dropOld(tick);
  }
}
