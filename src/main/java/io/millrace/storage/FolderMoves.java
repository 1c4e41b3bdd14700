package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicPartition;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The moves of logs between folders: a few run, the others wait their turn. Remembers too where
 * partitions are wanted that do not exist yet.
 *
 * <p>Confined to: the control loop, save {@link #futures} and {@link #rate}, which any thread may
 * call.
 */
final class FolderMoves {
  private static final int RUNNING_MAX = 4;
  private static final int WANTED_MAX = 10_000;

  private final EventLoop control;
  private final MoveRate rate;

  // Owner: the control loop; read by any thread.
  private final Map<TopicPartition, Move> moves = new ConcurrentHashMap<>();

  // Owner: the control loop.
  private final ArrayDeque<Move> waiting = new ArrayDeque<>();
  private final Map<TopicPartition, Folder> wanted = new LinkedHashMap<>();
  private int running;
  private boolean stopped;

  private static final class Move {
    final FolderMove move;
    final Runnable onMoved;
    boolean begun;

    Move(FolderMove move, Runnable onMoved) {
      this.move = move;
      this.onMoved = onMoved;
    }
  }

  FolderMoves(EventLoop control, MoveRate rate) {
    this.control = control;
    this.rate = rate;
  }

  MoveRate rate() {
    return rate;
  }

  /** Logs that follow others, or will. Any thread. */
  List<FutureLog> futures() {
    return moves.values().stream().map(each -> each.move.view()).toList();
  }

  /** Where the log is on its way to; null when it stays. */
  @Nullable Folder destination(TopicPartition partition) {
    Move move = moves.get(partition);
    return move == null ? null : move.move.target();
  }

  /** Begins a move as soon as few enough run. */
  void add(FolderMove move, Runnable onMoved) {
    control.assertOwner();
    Move next = new Move(move, onMoved);
    moves.put(move.stored().id().topicPartition(), next);
    waiting.add(next);
    runNext();
  }

  private void runNext() {
    while (!stopped && running < RUNNING_MAX && !waiting.isEmpty()) {
      Move next = waiting.poll();
      next.begun = true;
      running++;
      control
          .ask(next.move.stored().shard(), next.move::run)
          .onComplete(
              done -> {
                running--;
                moves.remove(next.move.stored().id().topicPartition(), next);
                if (done.succeeded() && done.result()) {
                  next.onMoved.run();
                }
                runNext();
              });
    }
  }

  /** Gives a move up; completes when nothing of it is under way, be it given up or done. */
  Future<Void> end(TopicPartition partition) {
    control.assertOwner();
    Move move = moves.get(partition);
    return move == null ? Future.succeededFuture() : end(move, false);
  }

  private Future<Void> end(Move move, boolean keep) {
    if (!move.begun) {
      waiting.remove(move);
      moves.remove(move.move.stored().id().topicPartition(), move);
      return keep
          ? Future.succeededFuture()
          : control.ask(move.move.stored().shard(), move.move::forget);
    }
    return control.ask(move.move.stored().shard(), () -> move.move.cancel(keep));
  }

  /** Gives all moves up for now; the next start goes on with those that ran. */
  Future<Void> stop() {
    control.assertOwner();
    stopped = true;
    List<Future<?>> all = new ArrayList<>();
    Collection<Move> now = List.copyOf(moves.values());
    now.forEach(each -> all.add(end(each, true)));
    return Future.join(all).mapEmpty();
  }

  /** Remembers where a partition is wanted that does not exist. Old wishes make room for new. */
  void want(TopicPartition partition, Folder folder) {
    control.assertOwner();
    wanted.put(partition, folder);
    if (wanted.size() > WANTED_MAX) {
      Iterator<TopicPartition> oldest = wanted.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Takes the wish for a partition that is about to be made; null when there is none. */
  @Nullable Folder takeWish(TopicPartition partition) {
    control.assertOwner();
    return wanted.remove(partition);
  }
}
