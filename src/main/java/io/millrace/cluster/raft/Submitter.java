package io.millrace.cluster.raft;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hands records to Ratis, in order. Ratis blocks its caller and keeps the order of one calling
 * thread only; so this is a thread of its own. At most {@link #UNDER_WAY_MAX} records are under
 * way.
 *
 * <p>Thread-safe.
 */
final class Submitter implements AutoCloseable {
  private static final int UNDER_WAY_MAX = 512;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> daemon(work, "raft-submit"));
  private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);

  static void daemonThread(Runnable work) {
    daemon(work, "raft-ask").start();
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Submits a record after all that were given before.
   *
   * @param record makes the record, on the thread of the submitter
   * @param onLost told, on any thread, when the record is not in the log or may not be
   */
  void submit(RaftMember member, Supplier<ByteBuffer> record, Consumer<Throwable> onLost) {
    try {
      thread.execute(() -> hand(member, record, onLost));
    } catch (RejectedExecutionException closed) {
      onLost.accept(closed);
    }
  }

  private void hand(RaftMember member, Supplier<ByteBuffer> record, Consumer<Throwable> onLost) {
    try {
      underWay.acquire();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      onLost.accept(closed);
      return;
    }
    try {
      member
          .submit(record.get())
          .whenComplete(
              (reply, fault) -> {
                underWay.release();
                if (fault != null) {
                  onLost.accept(fault);
                }
              });
    } catch (Exception fault) {
      underWay.release();
      onLost.accept(fault);
    }
  }

  /** Submits nothing more. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
