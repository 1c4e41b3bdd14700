package io.millrace.cli.kafka;

import io.millrace.cli.records.MetricsTable;
import io.millrace.cli.records.Payloads;
import io.millrace.cli.records.SendStatistics;
import io.millrace.cli.records.Throttle;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code kafka-producer-perf-test}: sends many records and tells how fast they were acknowledged.
 * Confined to: the main thread; windows are printed by the producer's thread.
 */
@Command(
    name = "kafka-producer-perf-test",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Sends many records and tells how fast they were acknowledged.")
final class KafkaProducerPerfTest implements Callable<Integer>, OldNames.Owner {
  private static final long TRANSACTION_MS = 3000;

  private final Shell shell;

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "Topic to send to.")
  private String topic = "";

  @Option(
      names = "--num-records",
      required = true,
      paramLabel = "N",
      description = "How many records.")
  private long recordCount;

  @Option(
      names = "--throughput",
      required = true,
      paramLabel = "N",
      description = "Records per second, approximately; -1: as fast as it goes.")
  private double throughput;

  @Mixin private final PerfRecordOptions records = new PerfRecordOptions();

  @Option(names = "--print-metrics", description = "Prints the producer's metrics at the end.")
  private boolean printsMetrics;

  @Option(
      names = "--transactional-id",
      paramLabel = "ID",
      description = "Sends in transactions of this id.")
  private @Nullable String transactionalId;

  @Option(
      names = "--transaction-duration-ms",
      paramLabel = "MS",
      description = "Sends in transactions of this length. Default with an id: 3000.")
  private @Nullable Long transactionMs;

  @Option(
      names = "--warmup-records",
      paramLabel = "N",
      description = "First records, which a second summary leaves out. Default: 0.")
  private long warmupCount;

  @Option(
      names = "--reporting-interval",
      paramLabel = "MS",
      description = "How often progress is told. Default: 5000.")
  private long reportingMs = 5000;

  private volatile @Nullable SendStatistics steady;

  KafkaProducerPerfTest(Shell shell) {
    this.shell = shell;
  }

  @Override
  public OldNames oldNames() {
    return OldNames.renamed(
        Map.of(
            "--producer-props", "--command-property",
            "--producer.config", "--command-config"));
  }

  @Override
  public Integer call() {
    check();
    Payloads payloads = records.payloads(shell);
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings = bootstrap.client(settings(bootstrap));
    bootstrap.checkReachable();
    ByteArraySerializer bytes = new ByteArraySerializer();
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes);
    try (Interruption interruption = Interruption.watch(shell, () -> {});
        producer) {
      if (transactionMs != null) {
        producer.initTransactions();
      }
      if (warmupCount > 0) {
        shell
            .out()
            .println(
                "Warmup first %d records. Steady state results will print after the complete test summary."
                    .formatted(warmupCount));
        shell.out().flush();
      }
      SendStatistics statistics = new SendStatistics(recordCount);
      sendAll(producer, payloads, statistics, interruption);
      producer.flush();
      printTotals(statistics);
      if (printsMetrics) {
        MetricsTable.print(producer.metrics(), shell.out());
      }
    }
    return 0;
  }

  private void check() {
    refuse(recordCount <= 0, "--num-records should be greater than zero.");
    refuse(
        warmupCount >= recordCount,
        "The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.");
    refuse(
        transactionMs != null && transactionMs <= 0,
        "--transaction-duration-ms should be greater than zero.");
    refuse(reportingMs <= 0, "--reporting-interval should be greater than zero.");
    records.check();
  }

  private static void refuse(boolean wrong, String sentence) {
    if (wrong) {
      throw ToolException.wrongUsage(sentence);
    }
  }

  private Map<String, Object> settings(Bootstrap bootstrap) {
    Map<String, Object> settings = new HashMap<>(connection.properties(bootstrap));
    settings.putIfAbsent("client.id", "perf-producer-client");
    if (transactionalId != null) {
      settings.put("transactional.id", transactionalId);
    } else if (transactionMs != null) {
      settings.putIfAbsent("transactional.id", "performance-producer-" + UUID.randomUUID());
    }
    if (settings.containsKey("transactional.id") && transactionMs == null) {
      transactionMs = TRANSACTION_MS;
    }
    return settings;
  }

  private void sendAll(
      Producer<byte[], byte[]> producer,
      Payloads payloads,
      SendStatistics statistics,
      Interruption interruption) {
    Throttle throttle = new Throttle(throughput);
    long transactionBeginMs = -1;
    for (long i = 0; i < recordCount && !interruption.requested(); i++) {
      long nowMs = System.currentTimeMillis();
      if (transactionMs != null && transactionBeginMs < 0) {
        producer.beginTransaction();
        transactionBeginMs = nowMs;
      }
      if (warmupCount > 0 && i == warmupCount) {
        steady = new SendStatistics(recordCount - warmupCount);
      }
      send(producer, i, payloads.next(i), nowMs, statistics);
      if (transactionMs != null && nowMs - transactionBeginMs >= transactionMs) {
        producer.commitTransaction();
        transactionBeginMs = -1;
      }
      throttle.await(i + 1);
    }
    if (transactionBeginMs >= 0) {
      producer.commitTransaction();
    }
  }

  private void send(
      Producer<byte[], byte[]> producer,
      long number,
      byte[] value,
      long beginMs,
      SendStatistics statistics) {
    SendStatistics also = steady;
    int sizeBytes = value.length;
    producer.send(
        new ProducerRecord<>(topic, records.key(number), value),
        (metadata, failure) -> {
          if (failure != null) {
            shell.error(Failures.sentence(failure));
            return;
          }
          long nowMs = System.currentTimeMillis();
          int latencyMs = (int) (nowMs - beginMs);
          statistics.add(latencyMs, sizeBytes, nowMs);
          if (also != null) {
            also.add(latencyMs, sizeBytes, nowMs);
          }
          reportWhenDue(also != null ? also : statistics, also != null, nowMs);
        });
  }

  private void reportWhenDue(SendStatistics statistics, boolean isSteady, long nowMs) {
    if (statistics.windowAgeMs(nowMs) < reportingMs) {
      return;
    }
    if (isSteady && statistics.total().elapsedMs() < 2 * reportingMs) {
      shell.out().println("In steady state.");
    }
    SendStatistics.Sum sum = statistics.endWindow();
    shell
        .out()
        .printf(
            Locale.ROOT,
            "%d records sent, %.1f records/sec (%.2f MB/sec), %.1f ms avg latency, %.1f ms max latency.%n",
            sum.count(),
            sum.perSecond(),
            sum.megabytesPerSecond(),
            sum.latencyMeanMs(),
            (double) sum.latencyMaxMs());
    shell.out().flush();
  }

  private void printTotals(SendStatistics statistics) {
    printTotal(statistics, "");
    SendStatistics also = steady;
    if (also != null) {
      printTotal(also, " steady state");
    }
  }

  private void printTotal(SendStatistics statistics, String which) {
    SendStatistics.Sum sum = statistics.total();
    int[] percentiles = statistics.percentiles(0.5, 0.95, 0.99, 0.999);
    shell
        .out()
        .printf(
            Locale.ROOT,
            "%d%s records sent, %f records/sec (%.2f MB/sec), %.2f ms avg latency, %.2f ms max latency, %d ms 50th, %d ms 95th, %d ms 99th, %d ms 99.9th.%n",
            sum.count(),
            which,
            sum.perSecond(),
            sum.megabytesPerSecond(),
            sum.latencyMeanMs(),
            (double) sum.latencyMaxMs(),
            percentiles[0],
            percentiles[1],
            percentiles[2],
            percentiles[3]);
  }
}
