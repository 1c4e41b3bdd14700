package io.millrace.handler;

import io.millrace.metrics.Metrics;
import io.millrace.metrics.Metrics.Counter;

/**
 * What fetches count. Thread-safe.
 *
 * @param bytes bytes of batches that were sent
 * @param records records that consumers with a fetch session went past; seeking forward counts too
 */
public record FetchCounters(Counter bytes, Counter records) {

  /** Counts there. */
  public static FetchCounters of(Metrics metrics) {
    return new FetchCounters(metrics.counter("fetch.bytes"), metrics.counter("fetch.records"));
  }
}
