package io.millrace.rest.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.ArrayList;
import java.util.List;

/** The values of one gauge, by their labels. Confined to: the loop of views. */
final class Family {
  private final MetricMetadata metadata;
  private final String[] labels;
  private final List<GaugeDataPointSnapshot> points = new ArrayList<>();

  Family(String name, String help, String... labels) {
    this.metadata = new MetricMetadata(name, help);
    this.labels = labels;
  }

  /** Adds a value. @param values of the labels, in their order */
  void add(double value, String... values) {
    Labels named = labels.length == 0 ? Labels.EMPTY : Labels.of(labels, values);
    points.add(new GaugeDataPointSnapshot(value, named, null));
  }

  GaugeSnapshot snapshot() {
    return new GaugeSnapshot(metadata, points);
  }
}
