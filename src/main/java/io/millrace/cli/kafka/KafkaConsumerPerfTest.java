package io.millrace.cli.kafka;

import io.millrace.cli.records.MetricsTable;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code kafka-consumer-perf-test}: reads many records and tells how fast they came. Confined to:
 * the main thread.
 */
@Command(
    name = "kafka-consumer-perf-test",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Reads many records and tells how fast they came.")
final class KafkaConsumerPerfTest implements Callable<Integer>, OldNames.Owner {
  private static final double MEBIBYTE = 1024.0 * 1024.0;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Shell shell;

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic to read.")
  private @Nullable String topic;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      description = "Instead of it: all topics that fit a regular expression.")
  private @Nullable String include;

  @Option(
      names = "--num-records",
      required = true,
      paramLabel = "N",
      description = "How many records.")
  private long recordCount;

  @Mixin private final PerfConsumerTuning tuning = new PerfConsumerTuning();

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      description = "Ends when no record comes for so long. Default: 10000.")
  private long timeoutMs = 10_000;

  @Option(
      names = "--reporting-interval",
      paramLabel = "MS",
      description = "How often --show-detailed-stats tells. Default: 5000.")
  private long reportingMs = 5000;

  @Option(names = "--show-detailed-stats", description = "Tells each interval, not the whole.")
  private boolean detailed;

  @Option(names = "--hide-header", description = "Leaves the line with the columns' names out.")
  private boolean hidesHeader;

  @Option(
      names = "--date-format",
      paramLabel = "FORMAT",
      description = "How times are written (java.text.SimpleDateFormat).")
  private String dateFormat = "yyyy-MM-dd HH:mm:ss:SSS";

  @Option(names = "--print-metrics", description = "Prints the consumer's metrics at the end.")
  private boolean printsMetrics;

  private long count;
  private long bytes;
  private long reportedCount;
  private long reportedBytes;
  private long reportedAtMs;

  KafkaConsumerPerfTest(Shell shell) {
    this.shell = shell;
  }

  @Override
  public OldNames oldNames() {
    return new OldNames(
        Map.of("--messages", "--num-records", "--consumer.config", "--command-config"),
        Set.of("--new-consumer"),
        Set.of("--threads", "--num-fetch-threads", "--batch-size", "--message-size"));
  }

  @Override
  public Integer call() {
    if ((topic == null) == (include == null)) {
      throw ToolException.wrongUsage(
          "Exactly one of the following arguments is required: --topic, --include");
    }
    SimpleDateFormat times = times();
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings =
        bootstrap.client(tuning.settings(connection.properties(bootstrap)));
    bootstrap.checkReachable();
    if (!hidesHeader) {
      shell.out().println(header());
    }
    ByteArrayDeserializer raw = new ByteArrayDeserializer();
    try (Interruption interruption = Interruption.watch(shell, () -> {});
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, raw, raw)) {
      long beginMs = System.currentTimeMillis();
      Joining joining = new Joining(beginMs);
      consume(consumer, joining, times, interruption);
      if (!detailed) {
        printTotal(beginMs, System.currentTimeMillis(), joining.totalMs, times);
      }
      if (printsMetrics) {
        MetricsTable.print(consumer.metrics(), shell.out());
      }
    }
    return 0;
  }

  private SimpleDateFormat times() {
    try {
      return new SimpleDateFormat(dateFormat, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw ToolException.wrongUsage("--date-format: " + e.getMessage()).because(e);
    }
  }

  private String header() {
    return (detailed ? "time, threadId" : "start.time, end.time")
        + ", data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec"
        + ", rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";
  }

  private void consume(
      Consumer<byte[], byte[]> consumer,
      Joining joining,
      SimpleDateFormat times,
      Interruption interruption) {
    if (topic != null) {
      consumer.subscribe(List.of(topic), joining);
    } else {
      consumer.subscribe(Pattern.compile(String.valueOf(include)), joining);
    }
    long nowMs = System.currentTimeMillis();
    long lastMs = nowMs;
    reportedAtMs = nowMs;
    while (count < recordCount && nowMs - lastMs <= timeoutMs && !interruption.requested()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      nowMs = System.currentTimeMillis();
      if (!records.isEmpty()) {
        lastMs = nowMs;
        add(records);
        reportWhenDue(nowMs, joining, times);
      }
    }
    if (count < recordCount && !interruption.requested()) {
      shell
          .out()
          .printf(
              "WARNING: Exiting before consuming the expected number of records: timeout (%d ms) exceeded. You can use the --timeout option to increase the timeout.%n",
              timeoutMs);
    }
  }

  private void add(ConsumerRecords<byte[], byte[]> records) {
    count += records.count();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize());
      bytes += Math.max(0, record.serializedValueSize());
    }
  }

  private void reportWhenDue(long nowMs, Joining joining, SimpleDateFormat times) {
    if (nowMs - reportedAtMs < reportingMs) {
      return;
    }
    if (detailed) {
      double elapsedMs = nowMs - reportedAtMs;
      double fetchMs = elapsedMs - joining.roundMs;
      double megabytes = (bytes - reportedBytes) / MEBIBYTE;
      long records = count - reportedCount;
      shell
          .out()
          .printf(
              Locale.ROOT,
              "%s, %d, %.4f, %.4f, %d, %.4f, %d, %d, %.4f, %.4f%n",
              times.format(nowMs),
              0,
              bytes / MEBIBYTE,
              1000.0 * megabytes / elapsedMs,
              count,
              records / elapsedMs * 1000.0,
              joining.roundMs,
              (long) fetchMs,
              fetchMs <= 0 ? 0.0 : 1000.0 * megabytes / fetchMs,
              fetchMs <= 0 ? 0.0 : 1000.0 * records / fetchMs);
      shell.out().flush();
    }
    joining.roundMs = 0;
    reportedAtMs = nowMs;
    reportedCount = count;
    reportedBytes = bytes;
  }

  private void printTotal(long beginMs, long endMs, long joinMs, SimpleDateFormat times) {
    double seconds = (endMs - beginMs) / 1000.0;
    long fetchMs = endMs - beginMs - joinMs;
    double megabytes = bytes / MEBIBYTE;
    shell
        .out()
        .printf(
            Locale.ROOT,
            "%s, %s, %.4f, %.4f, %d, %.4f, %d, %d, %.4f, %.4f%n",
            times.format(beginMs),
            times.format(endMs),
            megabytes,
            megabytes / seconds,
            count,
            count / seconds,
            joinMs,
            fetchMs,
            megabytes / (fetchMs / 1000.0),
            count / (fetchMs / 1000.0));
  }

  /** Measures how long the member waits for partitions. */
  private static final class Joining implements ConsumerRebalanceListener {
    private final Set<TopicPartition> held = new HashSet<>();
    private long beginMs;
    private long totalMs;
    private long roundMs;

    Joining(long beginMs) {
      this.beginMs = beginMs;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      held.removeAll(partitions);
      if (held.isEmpty()) {
        beginMs = System.currentTimeMillis();
      }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (held.isEmpty()) {
        long elapsedMs = System.currentTimeMillis() - beginMs;
        totalMs += elapsedMs;
        roundMs += elapsedMs;
      }
      held.addAll(partitions);
    }
  }
}
