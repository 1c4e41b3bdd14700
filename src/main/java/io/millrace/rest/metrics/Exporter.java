package io.millrace.rest.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.metrics.LocalMetrics;
import io.millrace.rest.view.GroupOffsets;
import io.millrace.rest.view.Sources;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes all metrics of a broker. What has one value is a meter; what has one for each partition or
 * group is made for the scrape alone, so that nothing grows with topics that are gone. Confined to:
 * the loop of views.
 */
public final class Exporter implements AutoCloseable {
  /** Content type of what is written. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PREFIX = "millrace.";

  private final Sources sources;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  // Meters hold what they read weakly: what nobody else holds would be lost in a collection.
  private final Map<String, LocalMetrics.Reading> readings = new HashMap<>();
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final KafkaNames kafka;

  /** An exporter; making it loads the library. */
  public Exporter(Sources sources) {
    this.sources = sources;
    this.kafka = new KafkaNames(sources);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
    registry.getPrometheusRegistry().register(kafka);
    Gauge.builder(PREFIX + "sockets", sources.sockets(), sockets -> sockets.count())
        .description("Open sessions of browsers.")
        .register(registry);
  }

  /**
   * Writes all metrics.
   *
   * @param groups how far groups have read, by group
   */
  public String scrape(Map<String, GroupOffsets> groups) {
    sources.views().assertOwner();
    sources.metrics().visit(new Registrar());
    kafka.show(groups);
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  /** Makes meters of what the parts have begun to count since the scrape before. */
  private final class Registrar implements LocalMetrics.Visitor {
    @Override
    public void counter(String name, LocalMetrics.Reading value) {
      if (readings.putIfAbsent(name, value) == null) {
        FunctionCounter.builder(PREFIX + name, value, LocalMetrics.Reading::value)
            .description(Help.of(name))
            .register(registry);
      }
    }

    @Override
    public void gauge(String name, LocalMetrics.Reading value) {
      if (readings.putIfAbsent(name, value) == null) {
        Gauge.builder(PREFIX + name, value, LocalMetrics.Reading::value)
            .description(Help.of(name))
            .register(registry);
      }
    }
  }
}
