package io.millrace.cluster;

import java.util.function.IntConsumer;

/**
 * Hints on which brokers may have ended; never a decision. A hint makes the active controller look
 * at once instead of waiting for a lease to end.
 */
public interface BrokerLiveness {
  /** Nobody gives hints. */
  BrokerLiveness NONE = listener -> {};

  /** Calls {@code listener} with the id of each broker that may have ended, on any thread. */
  void onSuspect(IntConsumer listener);
}
