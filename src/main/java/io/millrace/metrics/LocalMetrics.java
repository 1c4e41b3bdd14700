package io.millrace.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Metrics kept in memory, to be read by {@link #snapshot}. Thread-safe. */
public final class LocalMetrics implements Metrics {
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, LocalHistogram> histograms = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

  @Override
  public Counter counter(String name) {
    return counters.computeIfAbsent(name, n -> new LocalCounter());
  }

  @Override
  public Histogram histogram(String name) {
    return histograms.computeIfAbsent(name, n -> new LocalHistogram());
  }

  @Override
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  /** The value of a counter or gauge; 0 when there is none of that name. */
  public long value(String name) {
    Counter counter = counters.get(name);
    if (counter != null) {
      return counter.value();
    }
    LongSupplier gauge = gauges.get(name);
    return gauge == null ? 0 : gauge.getAsLong();
  }

  /** Reads a value. Thread-safe. */
  @FunctionalInterface
  public interface Reading {
    long value();
  }

  /** Is shown every metric with how to read it; a histogram as its count, sum and maximum. */
  public interface Visitor {
    /** A number that only grows. */
    void counter(String name, Reading value);

    /** A number that grows and falls. */
    void gauge(String name, Reading value);
  }

  /** Shows every metric. */
  public void visit(Visitor visitor) {
    counters.forEach((name, counter) -> visitor.counter(name, counter::value));
    gauges.forEach((name, gauge) -> visitor.gauge(name, gauge::getAsLong));
    histograms.forEach(
        (name, histogram) -> {
          visitor.counter(name + ".count", histogram.count::sum);
          visitor.counter(name + ".sum", histogram.sum::sum);
          visitor.gauge(name + ".max", histogram.max::get);
        });
  }

  /** All values by name; a histogram gives {@code .count}, {@code .sum} and {@code .max}. */
  public Map<String, Long> snapshot() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, counter) -> values.put(name, counter.value()));
    gauges.forEach((name, gauge) -> values.put(name, gauge.getAsLong()));
    histograms.forEach(
        (name, histogram) -> {
          values.put(name + ".count", histogram.count.sum());
          values.put(name + ".sum", histogram.sum.sum());
          values.put(name + ".max", histogram.max.get());
        });
    return values;
  }

  private static final class LocalCounter implements Counter {
    private final LongAdder adder = new LongAdder();

    @Override
    public void add(long amount) {
      adder.add(amount);
    }

    @Override
    public long value() {
      return adder.sum();
    }
  }

  private static final class LocalHistogram implements Histogram {
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    @Override
    public void record(long value) {
      count.increment();
      sum.add(value);
      max.accumulate(value);
    }
  }
}
