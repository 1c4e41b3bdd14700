package io.millrace.metrics;

import java.util.function.LongSupplier;

/**
 * Where parts register what they count. Registering is done once, at start; counting is cheap
 * enough for every request. Names are dotted, units last: {@code produce.bytes}. Thread-safe.
 */
public interface Metrics {

  /** A number that only grows. */
  interface Counter {
    void add(long amount);

    default void increment() {
      add(1);
    }

    long value();
  }

  /** A distribution of values, such as times in us. */
  interface Histogram {
    void record(long value);
  }

  /** The counter of that name; the same one each time. */
  Counter counter(String name);

  /** The histogram of that name; the same one each time. */
  Histogram histogram(String name);

  /** Registers a value that is read when somebody looks; {@code value} must be thread-safe. */
  void gauge(String name, LongSupplier value);
}
