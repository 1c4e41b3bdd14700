package io.millrace.handler;

/**
 * The life of the connection that a request came by. A request that waits registers what must be
 * given up when its connection ends: nobody would read the answer.
 *
 * <p>Confined to: the loop of the connection.
 */
public interface ConnectionScope {

  /** A connection that never ends, for callers inside the process and for tests. */
  ConnectionScope ENDLESS = step -> () -> {};

  /**
   * Runs {@code step} once on the loop of the connection when it ends; at once when it has ended.
   *
   * @return forgets the step again; call it when the request was answered
   */
  Hook onClose(Runnable step);

  /**
   * Keeps the next request of this connection from starting until the returned release is run. For
   * a handler whose first phase leaves the loop (decompression) and must keep the order of
   * requests. Call it within {@link ApiHandler#handle}; run the release on the same loop; a second
   * run has no effect.
   */
  default Runnable holdNext() {
    return () -> {};
  }

  /** A registered step. */
  interface Hook {
    /** Forgets the step; no effect when it ran or was removed before. */
    void remove();
  }
}
