package io.millrace.quota;

import io.millrace.model.Caller;

/**
 * Counts what callers use and says how long they must wait (KIP-13, KIP-124, KIP-599). Thread-safe.
 */
public interface Quotas {

  /** What a quota counts. */
  enum Kind {
    /** Bytes of records produced. */
    PRODUCE_BYTES,
    /** Bytes of records fetched. */
    FETCH_BYTES,
    /** Partitions created or deleted. */
    CONTROLLER_MUTATIONS
  }

  /** Lets everything pass: no quota is configured. */
  Quotas UNLIMITED = (caller, kind, amount, nowMs) -> 0;

  /**
   * Counts {@code amount} for the caller.
   *
   * @param nowMs monotonic time in ms
   * @return throttle time in ms for the answer; 0 when within the quota
   */
  int record(Caller caller, Kind kind, long amount, long nowMs);
}
