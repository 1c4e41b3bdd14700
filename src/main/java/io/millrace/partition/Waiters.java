package io.millrace.partition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Readers that wait for one offset of a partition to move, in a list that each can leave at once.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class Waiters {
  private @Nullable Node first;

  /** One reader's place in the list. */
  private static final class Node {
    private final ShardWait wait;
    private final Waiters list;
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
   * <p>Confined to: the shard.
   */
  static final class ShardWait {
    private final Runnable wake;
    private final List<Node> places = new ArrayList<>(1);
    private boolean over;

    /** {@code wake} runs on the shard, at most once. */
    ShardWait(Runnable wake) {
      this.wake = wake;
    }

    boolean isOver() {
      return over;
    }

    void wake() {
      if (!over) {
        cancel();
        wake.run();
      }
    }

    void cancel() {
      over = true;
      for (Node place : places) {
        place.list.remove(place);
      }
      places.clear();
    }
  }

  boolean isEmpty() {
    return first == null;
  }

  void add(ShardWait wait) {
    Node node = new Node(wait, this);
    wait.places.add(node);
    node.next = first;
    if (first != null) {
      first.previous = node;
    }
    first = node;
  }

  private void remove(Node node) {
    if (node.previous == null) {
      first = node.next;
    } else {
      node.previous.next = node.next;
    }
    if (node.next != null) {
      node.next.previous = node.previous;
    }
  }

  /** Wakes everybody. Who wants to wait on registers again. */
  void wake() {
    while (first != null) {
      first.wait.wake();
    }
  }
}
