package io.millrace.push;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sessions of a loop, and the seconds in which each is looked after. One that is at rest has
 * nothing to be done but its ping: it has its second in twenty, so that thousands of idle sockets
 * cost as little as those whose turn it is.
 *
 * <p>Confined to: that loop. Pure.
 *
 * @param <S> the sessions
 */
final class Sessions<S extends Sessions.Sleeper> {

  /** What is looked after. */
  interface Sleeper {
    /** Decides on its turn. */
    long id();

    /** A second has passed. */
    void second(long tick);

    /** Calls {@link Sessions#wake} unless it is awake. */
    void wake();

    /** Whether nothing is to be looked after until it is woken. */
    boolean fallsAsleep();
  }

  private final List<Set<S>> byTurn =
      Stream.<Set<S>>generate(LinkedHashSet::new).limit(SignOfLife.PING_EVERY_S).toList();

  /** Those that are not at rest. */
  private List<S> awake = new ArrayList<>();

  private int size;

  private Set<S> turnOf(S session) {
    return byTurn.get(Math.floorMod(-session.id(), SignOfLife.PING_EVERY_S));
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** All of them, those that end meanwhile among them. */
  List<S> all() {
    List<S> all = new ArrayList<>(size);
    byTurn.forEach(all::addAll);
    return all;
  }

  void add(S session) {
    if (turnOf(session).add(session)) {
      size++;
    }
  }

  /** Takes one out. @return false when it was not there */
  boolean remove(S session) {
    boolean removed = turnOf(session).remove(session);
    if (removed) {
      size--;
    }
    return removed;
  }

  /** From now on a session is looked after each second, until it is at rest again. */
  void wake(S session) {
    awake.add(session);
  }

  /** Number of those that are not at rest. */
  int awake() {
    return awake.size();
  }

  /** A second has passed. */
  void second(long tick) {
    byTurn.get(Math.floorMod(tick, SignOfLife.PING_EVERY_S)).forEach(Sleeper::wake);
    List<S> due = awake;
    awake = new ArrayList<>();
    for (S session : due) {
      session.second(tick);
      if (!session.fallsAsleep()) {
        awake.add(session);
      }
    }
  }
}
