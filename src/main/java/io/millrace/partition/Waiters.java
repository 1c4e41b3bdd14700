package io.millrace.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Readers that wait for one offset of a partition to move, in a list that each can leave at once.
 *
 * <p>Readers come in on their own threads and are taken into the list by the shard, so that to wait
 * costs no step of the shard: {@link ShardWait#begin} on any thread, all else confined to the shard
 * that owns the partition.
 */
final class Waiters {
  private static final AtomicReferenceFieldUpdater<Waiters, Node> ARRIVED =
      AtomicReferenceFieldUpdater.newUpdater(Waiters.class, Node.class, "arrived");

  // Any thread.
  private volatile @Nullable Node arrived;

  // Owner: the shard.
  private @Nullable Node first;

  /** One reader's place in the list. */
  private static final class Node {
    private final ShardWait wait;
    private final Waiters list;
    private boolean listed;
    private @Nullable Node previous;
    private @Nullable Node next;

    Node(ShardWait wait, Waiters list) {
      this.wait = wait;
      this.list = list;
    }
  }

  /**
   * The places of one reader in the lists of one shard's partitions: the first that moves wakes the
   * reader and takes it out of all of them.
   *
   * <p>Confined to: the shard, once it has begun.
   */
  static final class ShardWait {
    private final Runnable wake;
    private final List<Node> places = new ArrayList<>(1);
    private boolean over;

    /** {@code wake} runs on the shard, at most once. */
    ShardWait(Runnable wake) {
      this.wake = wake;
    }

    /** Adds a place, before it begins. */
    void add(Waiters list) {
      places.add(new Node(this, list));
    }

    /**
     * Takes its places. Whoever calls must look afterwards whether what it waits for has moved
     * already. Any thread, once.
     */
    void begin() {
      // By index: the shard may wake it meanwhile, which reads the places too.
      for (int i = 0; i < places.size(); i++) {
        places.get(i).list.arrives(places.get(i));
      }
    }

    void wake() {
      if (!over) {
        cancel();
        wake.run();
      }
    }

    /** Leaves all lists. A place that is being taken just now is left when it is found. */
    void cancel() {
      over = true;
      for (Node place : places) {
        place.list.takeIn();
        place.list.remove(place);
      }
    }
  }

  boolean isEmpty() {
    return first == null && arrived == null;
  }

  private void arrives(Node node) {
    Node before;
    do {
      before = arrived;
      node.next = before;
    } while (!ARRIVED.compareAndSet(this, before, node));
  }

  private void takeIn() {
    if (arrived == null) {
      return;
    }
    Node node = ARRIVED.getAndSet(this, null);
    while (node != null) {
      Node earlier = node.next;
      if (!node.wait.over) {
        list(node);
      }
      node = earlier;
    }
  }

  private void list(Node node) {
    node.listed = true;
    node.next = first;
    if (first != null) {
      first.previous = node;
    }
    first = node;
  }

  private void remove(Node node) {
    if (!node.listed) {
      return;
    }
    node.listed = false;
    if (node.previous == null) {
      first = node.next;
    } else {
      node.previous.next = node.next;
    }
    if (node.next != null) {
      node.next.previous = node.previous;
    }
  }

  /** Wakes everybody. Who wants to wait on begins again. */
  void wake() {
    takeIn();
    while (first != null) {
      first.wait.wake();
    }
  }
}
