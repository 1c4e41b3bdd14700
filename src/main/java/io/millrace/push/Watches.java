package io.millrace.push;

import io.millrace.browser.LiveViews;
import java.util.HashMap;
import java.util.Map;

/** The documents that a session follows. Confined to: the loop of its session. */
final class Watches {
  /** How many a session may follow. */
  static final int MAX = 16;

  private final Map<Integer, LiveViews.Watch> open = new HashMap<>(2);
  private int last;

  boolean isFull() {
    return open.size() >= MAX;
  }

  int newNumber() {
    last++;
    return last;
  }

  void add(int number, LiveViews.Watch watch) {
    open.put(number, watch);
  }

  boolean remove(long number) {
    LiveViews.Watch watch = open.remove((int) number);
    if (watch != null) {
      watch.close();
    }
    return watch != null;
  }

  void close() {
    open.values().forEach(LiveViews.Watch::close);
    open.clear();
  }
}
