package io.millrace.cli.records;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Prints the metrics of a client as Kafka's performance tools do. Stateless. */
public final class MetricsTable {
  private MetricsTable() {}

  /** Prints them, sorted by name. */
  public static void print(Map<MetricName, ? extends Metric> metrics, PrintStream out) {
    Map<String, Object> sorted = new TreeMap<>();
    metrics.forEach(
        (name, metric) ->
            sorted.put(name.group() + ":" + name.name() + ":" + name.tags(), metric.metricValue()));
    int width = sorted.keySet().stream().mapToInt(String::length).max().orElse(1);
    String column = "%-" + width + "s ";
    out.printf("%n" + column + "  %s%n", "Metric Name", "Value");
    sorted.forEach(
        (name, value) ->
            out.printf(
                Locale.ROOT,
                column + (value instanceof Double ? ": %.3f%n" : ": %s%n"),
                name,
                value));
  }
}
