package io.millrace.push;

import java.util.ArrayList;
import java.util.List;

/**
 * Cursors that wait at the end of a feed, in a list that each can leave at once: the last one takes
 * its place. Confined to: the loop of its feed.
 */
final class LiveCursors {
  private final ArrayList<Cursor> cursors = new ArrayList<>(1);

  boolean isEmpty() {
    return cursors.isEmpty();
  }

  int size() {
    return cursors.size();
  }

  Cursor get(int index) {
    return cursors.get(index);
  }

  List<Cursor> all() {
    return List.copyOf(cursors);
  }

  /** Adds one, unless it waits already. */
  void add(Cursor cursor) {
    if (cursor.liveIndex < 0) {
      cursor.liveIndex = cursors.size();
      cursors.add(cursor);
    }
  }

  /** Takes one out. @return false when it did not wait */
  boolean remove(Cursor cursor) {
    int index = cursor.liveIndex;
    if (index < 0) {
      return false;
    }
    cursor.liveIndex = -1;
    cursor.subscription.session.wake();
    Cursor last = cursors.remove(cursors.size() - 1);
    if (last != cursor) {
      cursors.set(index, last);
      last.liveIndex = index;
    }
    return true;
  }
}
