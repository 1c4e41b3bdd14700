package io.millrace.cli.command;

import io.millrace.cli.records.Payloads;
import io.millrace.cli.records.SendStatistics;
import io.millrace.cli.records.Throttle;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Progress;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace bench}: measures a cluster. Confined to: the main thread. */
@Command(
    name = "millrace bench",
    sortOptions = false,
    description = "Measures how fast a cluster takes and gives records.",
    subcommands = {BenchCommand.Produce.class, BenchCommand.Consume.class})
final class BenchCommand implements Callable<Integer> {
  private static final double MEBIBYTE = 1024.0 * 1024.0;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  BenchCommand(Shell shell) {}

  @Override
  public Integer call() {
    throw ToolException.wrongUsage(
        "Say what to measure: millrace bench produce TOPIC, or consume.");
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** {@code millrace bench produce}. Confined to: the main thread. */
  @Command(
      name = "produce",
      sortOptions = false,
      description = "Sends records and shows how fast they were acknowledged.")
  static final class Produce implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "TOPIC", description = "Topic to send to.")
    private String topic = "";

    @Option(
        names = {"-n", "--count"},
        paramLabel = "N",
        description = "How many records. Default: 1000000.")
    private long count = 1_000_000;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of a value. Default: 100.")
    private int sizeBytes = 100;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = "Records per second. Default: as fast as it goes.")
    private double rate = -1;

    @Option(names = "--acks", paramLabel = "ACKS", description = "0, 1 or all. Default: all.")
    private String acks = "all";

    @Option(
        names = {"-z", "--compression"},
        paramLabel = "CODEC",
        description = "none, gzip, snappy, lz4 or zstd. Default: none.")
    private String compression = "none";

    @Mixin private final Common common = new Common();

    Produce(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      Bootstrap bootstrap = common.bootstrap(shell);
      Map<String, Object> settings = new HashMap<>();
      settings.put("client.id", "millrace-bench");
      settings.put("acks", acks);
      settings.put("compression.type", compression);
      bootstrap.checkReachable();
      ByteArraySerializer bytes = new ByteArraySerializer();
      AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
      SendStatistics statistics;
      try (Producer<byte[], byte[]> producer =
              new KafkaProducer<>(bootstrap.client(settings), bytes, bytes);
          Interruption interruption = Interruption.watch(shell, () -> {});
          Progress progress = Progress.of(shell, "produce", count, "records")) {
        producer.partitionsFor(topic);
        statistics = new SendStatistics(count);
        Payloads payloads = Payloads.random(sizeBytes, 0);
        Throttle throttle = new Throttle(rate);
        for (long i = 0; i < count && failure.get() == null && !interruption.requested(); i++) {
          send(producer, payloads.next(i), statistics, progress, failure);
          throttle.await(i + 1);
        }
        producer.flush();
      }
      if (failure.get() != null) {
        throw Failures.explain(failure.get(), bootstrap.servers());
      }
      print(statistics);
      return 0;
    }

    private void send(
        Producer<byte[], byte[]> producer,
        byte[] value,
        SendStatistics statistics,
        Progress progress,
        AtomicReference<@Nullable Exception> failure) {
      long beginMs = System.currentTimeMillis();
      producer.send(
          new ProducerRecord<>(topic, value),
          (metadata, failed) -> {
            if (failed != null) {
              failure.compareAndSet(null, failed);
              return;
            }
            long nowMs = System.currentTimeMillis();
            statistics.add((int) (nowMs - beginMs), sizeBytes, nowMs);
            progress.add(1);
          });
    }

    private void print(SendStatistics statistics) {
      SendStatistics.Sum sum = statistics.total();
      int[] percentiles = statistics.percentiles(0.5, 0.99, 0.999);
      Listing listing =
          Listing.of(
              "records", "seconds", "records/s", "mb/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms");
      listing.add(
          sum.count(),
          rounded(sum.elapsedMs() / 1000.0),
          Math.round(sum.perSecond()),
          rounded(sum.megabytesPerSecond()),
          percentiles[0],
          percentiles[1],
          percentiles[2],
          sum.latencyMaxMs());
      common.print(listing, shell);
    }
  }

  /** {@code millrace bench consume}. Confined to: the main thread. */
  @Command(
      name = "consume",
      sortOptions = false,
      description = "Reads a topic from its beginning and shows how fast records came.")
  static final class Consume implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Shell shell;

    @Parameters(paramLabel = "TOPIC", description = "Topic to read.")
    private String topic = "";

    @Option(
        names = {"-n", "--count"},
        paramLabel = "N",
        description = "How many records at most. Default: all that are there.")
    private long count = Long.MAX_VALUE;

    @Mixin private final Common common = new Common();

    Consume(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      Bootstrap bootstrap = common.bootstrap(shell);
      Map<String, Object> settings = new HashMap<>();
      settings.put("client.id", "millrace-bench");
      settings.put("allow.auto.create.topics", "false");
      settings.put("enable.auto.commit", "false");
      bootstrap.checkReachable();
      ByteArrayDeserializer bytes = new ByteArrayDeserializer();
      try (Consumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(bootstrap.client(settings), bytes, bytes);
          Interruption interruption = Interruption.watch(shell, () -> {})) {
        measure(consumer, interruption);
      }
      return 0;
    }

    private void measure(Consumer<byte[], byte[]> consumer, Interruption interruption) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw ToolException.failed("There is no topic " + topic + ".");
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long there =
          sum(consumer.endOffsets(partitions)) - sum(consumer.beginningOffsets(partitions));
      long wanted = Math.min(count, there);
      long beginNs = System.nanoTime();
      long read = 0;
      long bytes = 0;
      try (Progress progress = Progress.of(shell, "consume", wanted, "records")) {
        while (read < wanted && !interruption.requested()) {
          var records = consumer.poll(POLL);
          read += records.count();
          progress.add(records.count());
          for (ConsumerRecord<byte[], byte[]> record : records) {
            bytes += Math.max(0, record.serializedKeySize());
            bytes += Math.max(0, record.serializedValueSize());
          }
        }
      }
      double seconds = (System.nanoTime() - beginNs) / 1e9;
      Listing listing = Listing.of("records", "seconds", "records/s", "mb/s");
      listing.add(
          read, rounded(seconds), Math.round(read / seconds), rounded(bytes / MEBIBYTE / seconds));
      common.print(listing, shell);
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
      return offsets.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
