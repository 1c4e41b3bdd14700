package io.millrace.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.records.LineBytes;
import io.millrace.cli.records.LineGrammar;
import io.millrace.cli.records.Payloads;
import io.millrace.cli.records.Throttle;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Progress;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code millrace produce}: sends lines, one value or sample records. Confined to: the main thread;
 * acknowledgements are printed by the producer's thread.
 */
@Command(
    name = "millrace produce",
    sortOptions = false,
    description = "Sends each line of the input as a record.")
final class ProduceCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "TOPIC", description = "Topic to send to.")
  private String topic = "";

  @Mixin private final ProduceWhatOptions what = new ProduceWhatOptions();

  @Option(
      names = {"-p", "--partition"},
      paramLabel = "N",
      description = "Partition to send to. Default: by the key.")
  private @Nullable Integer partition;

  @Option(names = "--acks", paramLabel = "ACKS", description = "0, 1 or all. Default: all.")
  private String acks = "all";

  @Option(
      names = {"-z", "--compression"},
      paramLabel = "CODEC",
      description = "none, gzip, snappy, lz4 or zstd. Default: none.")
  private String compression = "none";

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Records per second. Default: as fast as it goes.")
  private double rate = -1;

  @Option(
      names = {"-v", "--verbose"},
      description = "Prints where each record went: topic-partition@offset.")
  private boolean verbose;

  @Mixin private final Common common = new Common();

  private final AtomicLong acked = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  ProduceCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    RecordSource source = what.source(topic, partition, shell);
    Bootstrap bootstrap = common.bootstrap(shell);
    Map<String, Object> settings = bootstrap.client(settings());
    bootstrap.checkReachable();
    ByteArraySerializer bytes = new ByteArraySerializer();
    Producer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes);
    try (source;
        Interruption interruption = Interruption.endWith(shell, producer::close);
        producer;
        Progress progress = progress(source)) {
      Throttle throttle = new Throttle(rate);
      ProducerRecord<byte[], byte[]> record = source.next();
      for (long sent = 1; record != null && !interruption.requested(); sent++) {
        send(producer, record, progress);
        throttle.await(sent);
        record = failure.get() == null ? source.next() : null;
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw ToolException.failed(
              "Not all records were sent (%d were): %s"
                  .formatted(acked.get(), Failures.sentence(failed)))
          .because(failed);
    }
    return 0;
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("client.id", "millrace-produce");
    settings.put("acks", acks);
    settings.put("compression.type", compression);
    settings.put("linger.ms", shell.inIsTerminal() ? 0 : 5);
    return settings;
  }

  private Progress progress(RecordSource source) {
    boolean silent = shell.inIsTerminal() && source.total() == Progress.ENDLESS;
    return silent || verbose
        ? Progress.none()
        : Progress.of(shell, "produce", source.total(), "records");
  }

  private void send(
      Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, Progress progress) {
    producer.send(
        record,
        (metadata, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
            return;
          }
          acked.incrementAndGet();
          progress.add(1);
          if (verbose || common.json()) {
            tell(metadata);
          }
        });
  }

  private void tell(RecordMetadata metadata) {
    if (!common.json()) {
      shell.out().println(metadata);
      return;
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("topic", metadata.topic());
    object.put("partition", metadata.partition());
    object.put("offset", metadata.offset());
    object.put("timestamp", metadata.timestamp());
    shell.out().println(JsonText.line(object));
  }

  /** Records one after the other. Confined to: the main thread. */
  interface RecordSource extends AutoCloseable {
    /** The next one; null when there is none. */
    @Nullable ProducerRecord<byte[], byte[]> next() throws IOException;

    /** How many there are, or {@link Progress#ENDLESS}. */
    long total();

    @Override
    default void close() throws IOException {}
  }

  /** The options that say what is sent. Confined to: the main thread. */
  static final class ProduceWhatOptions {
    private static final int SAMPLE_BYTES = 100;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "Reads lines from a file instead of the input.")
    private @Nullable Path file;

    @Option(
        names = "--value",
        paramLabel = "TEXT",
        description = "Sends one record with this value.")
    private @Nullable String value;

    @Option(
        names = {"-n", "--count"},
        paramLabel = "N",
        description = "Sends so many records: of --value, else sample records.")
    private @Nullable Long count;

    @Option(
        names = "--size",
        paramLabel = "BYTES",
        description = "Size of the values of sample records. Default: 100.")
    private int sizeBytes = SAMPLE_BYTES;

    @Option(
        names = {"-k", "--key"},
        paramLabel = "TEXT",
        description = "Key of all records.")
    private @Nullable String key;

    @Option(
        names = {"-K", "--key-separator"},
        paramLabel = "TEXT",
        description = "What stands between key and value in each line.")
    private @Nullable String keySeparator;

    @Option(
        names = {"-H", "--header"},
        paramLabel = "NAME=VALUE",
        description = "A header of all records; may be given again.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--null-marker", paramLabel = "TEXT", description = "What stands for null.")
    private @Nullable String nullMarker;

    RecordSource source(String topic, @Nullable Integer partition, Shell shell) throws IOException {
      if (value != null || count != null) {
        return fixed(topic, partition);
      }
      InputStream in = shell.in();
      if (file != null) {
        if (!Files.isReadable(file)) {
          throw ToolException.wrongUsage("The file " + file + " cannot be read.");
        }
        in = Files.newInputStream(file);
      }
      return lines(new LineBytes(in), topic, partition);
    }

    private RecordSource fixed(String topic, @Nullable Integer partition) {
      long total = count == null ? 1 : count;
      Payloads payloads =
          value == null
              ? Payloads.random(sizeBytes, System.nanoTime())
              : number -> value.getBytes(UTF_8);
      AtomicLong made = new AtomicLong();
      return new RecordSource() {
        @Override
        public @Nullable ProducerRecord<byte[], byte[]> next() {
          long number = made.getAndIncrement();
          if (number >= total) {
            return null;
          }
          byte[] bytes = payloads.next(number);
          return record(topic, partition, null, isNull(bytes) ? null : bytes);
        }

        @Override
        public long total() {
          return total;
        }
      };
    }

    private boolean isNull(byte[] bytes) {
      return nullMarker != null && nullMarker.equals(new String(bytes, UTF_8));
    }

    private RecordSource lines(LineBytes lines, String topic, @Nullable Integer partition) {
      Map<String, String> properties = new HashMap<>();
      if (keySeparator != null) {
        properties.put("parse.key", "true");
        properties.put("key.separator", keySeparator);
      }
      if (nullMarker != null) {
        properties.put("null.marker", nullMarker);
      }
      LineGrammar grammar = LineGrammar.of(properties);
      AtomicLong number = new AtomicLong();
      return new RecordSource() {
        @Override
        public @Nullable ProducerRecord<byte[], byte[]> next() throws IOException {
          byte[] line = lines.next();
          if (line == null) {
            return null;
          }
          var parsed = grammar.parse(line, number.incrementAndGet(), topic);
          return record(topic, partition, parsed.key(), parsed.value());
        }

        @Override
        public long total() {
          return Progress.ENDLESS;
        }
      };
    }

    private ProducerRecord<byte[], byte[]> record(
        String topic,
        @Nullable Integer partition,
        byte @Nullable [] ownKey,
        byte @Nullable [] bytes) {
      byte[] chosen = ownKey == null && key != null ? key.getBytes(UTF_8) : ownKey;
      var record = new ProducerRecord<byte[], byte[]>(topic, partition, chosen, bytes);
      for (String header : headers) {
        int equals = header.indexOf('=');
        String name = equals < 0 ? header : header.substring(0, equals);
        byte[] text = equals < 0 ? null : header.substring(equals + 1).getBytes(UTF_8);
        record.headers().add(name, text);
      }
      return record;
    }
  }
}
