package io.millrace.cli.tool;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a tool end cleanly when it is interrupted by Ctrl-C or SIGTERM: the process waits until the
 * tool has closed this. Thread-safe.
 */
public final class Interruption implements AutoCloseable {
  private static final int PATIENCE_S = 30;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable wake;
  private final Shell shell;
  private final boolean waits;
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private volatile boolean requested;

  private Interruption(Runnable wake, Shell shell, boolean waits) {
    this.wake = wake;
    this.shell = shell;
    this.waits = waits;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Begins to watch.
   *
   * @param wake called in another thread when the tool shall end; makes its work return
   */
  public static Interruption watch(Shell shell, Runnable wake) {
    return new Interruption(wake, shell, true);
  }

  /**
   * The same for a tool that cannot be woken, since it waits for its input.
   *
   * @param end called in another thread; all that is left to do
   */
  public static Interruption endWith(Shell shell, Runnable end) {
    return new Interruption(end, shell, false);
  }

  /** Whether the tool shall end. */
  public boolean requested() {
    return requested;
  }

  private void interrupted() {
    requested = true;
    wake.run();
    if (!waits) {
      shell.flush();
      return;
    }
    try {
      if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
        shell.error("Still not done " + PATIENCE_S + " s after the interruption; ended.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the tool is done. What it printed is written out. */
  @Override
  public void close() {
    shell.flush();
    ended.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process ends just now: the hook finds the work done.
        requested = true;
      }
    }
  }
}
