package io.millrace.cli.kafka;

import io.millrace.cli.records.EventLines;
import io.millrace.cli.records.Throttle;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code kafka-verifiable-producer}: sends growing numbers and tells what became of each as JSON.
 * Confined to: the main thread; events are printed by the producer's thread.
 */
@Command(
    name = "kafka-verifiable-producer",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Sends growing numbers and tells what became of each as JSON.")
final class KafkaVerifiableProducer implements Callable<Integer>, OldNames.Owner {
  private final Shell shell;
  private final EventLines events;
  private final AtomicLong ackedCount = new AtomicLong();

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "Topic to send to.")
  private String topic = "";

  @Option(
      names = "--max-messages",
      paramLabel = "N",
      description = "Ends after so many records. Default: -1, never.")
  private long maxMessages = -1;

  @Option(
      names = "--throughput",
      paramLabel = "N",
      description = "Records per second, approximately. Default: -1, as fast as it goes.")
  private int throughput = -1;

  @Option(names = "--acks", paramLabel = "ACKS", description = "0, 1 or -1. Default: -1.")
  private String acks = "-1";

  @Option(
      names = "--message-create-time",
      paramLabel = "MS",
      description = "Time of the first record, in milliseconds since 1970. Default: now.")
  private long createTimeMs = -1;

  @Option(
      names = "--value-prefix",
      paramLabel = "N",
      description = "Number before each value, with a dot between.")
  private @Nullable Integer valuePrefix;

  @Option(
      names = "--repeating-keys",
      paramLabel = "N",
      description = "Keys from 0 up to this number, again and again. Default: no keys.")
  private @Nullable Integer repeatingKeys;

  KafkaVerifiableProducer(Shell shell) {
    this.shell = shell;
    this.events = new EventLines(shell.out());
  }

  @Override
  public OldNames oldNames() {
    return OldNames.renamed(Map.of("--producer.config", "--command-config"));
  }

  @Override
  public Integer call() {
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings = bootstrap.client(settings(bootstrap));
    bootstrap.checkReachable();
    StringSerializer text = new StringSerializer();
    Producer<String, String> producer = new KafkaProducer<>(settings, text, text);
    long beginMs = System.currentTimeMillis();
    try (Interruption interruption = Interruption.watch(shell, () -> {})) {
      long sentCount;
      try (producer) {
        events.print("startup_complete");
        sentCount = sendAll(producer, interruption, beginMs);
      }
      events.print("shutdown_complete");
      double seconds = (System.currentTimeMillis() - beginMs) / 1000.0;
      events.print(
          "tool_data",
          "sent",
          sentCount,
          "acked",
          ackedCount.get(),
          "target_throughput",
          throughput,
          "avg_throughput",
          ackedCount.get() / seconds);
    }
    return 0;
  }

  private Map<String, Object> settings(Bootstrap bootstrap) {
    if (!Set.of("0", "1", "-1", "all").contains(acks)) {
      throw ToolException.wrongUsage("--acks takes 0, 1 or -1, not '" + acks + "'");
    }
    Map<String, Object> settings = new HashMap<>();
    settings.put("acks", acks);
    settings.put("retries", "0");
    settings.putAll(connection.properties(bootstrap));
    return settings;
  }

  private long sendAll(Producer<String, String> producer, Interruption interruption, long beginMs) {
    Throttle throttle = new Throttle(throughput);
    long timeMs = createTimeMs;
    long number = 0;
    while (number != maxMessages && !interruption.requested()) {
      String key = repeatingKeys == null ? null : Long.toString(number % repeatingKeys);
      String value = (valuePrefix == null ? "" : valuePrefix + ".") + number;
      send(producer, new ProducerRecord<>(topic, null, timeMs < 0 ? null : timeMs, key, value));
      if (timeMs >= 0) {
        timeMs += System.currentTimeMillis() - beginMs;
      }
      throttle.await(++number);
    }
    return number;
  }

  private void send(Producer<String, String> producer, ProducerRecord<String, String> record) {
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure != null) {
              printFailure(record, failure);
              return;
            }
            ackedCount.incrementAndGet();
            events.print(
                "producer_send_success",
                "key",
                record.key(),
                "value",
                record.value(),
                "topic",
                metadata.topic(),
                "partition",
                metadata.partition(),
                "offset",
                metadata.offset());
          });
    } catch (KafkaException | IllegalStateException e) {
      printFailure(record, e);
    }
  }

  private void printFailure(ProducerRecord<String, String> record, Exception failure) {
    events.print(
        "producer_send_error",
        "key",
        record.key(),
        "value",
        record.value(),
        "topic",
        topic,
        "exception",
        failure.getClass().toString(),
        "message",
        failure.getMessage());
  }
}
