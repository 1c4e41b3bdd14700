package io.millrace.cli.kafka;

import io.millrace.cli.records.RecordStream;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.KeyValues;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kafka-console-consumer}: prints records as lines. Confined to: the main thread. */
@Command(
    name = "kafka-console-consumer",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Prints the records of topics as lines.")
final class KafkaConsoleConsumer implements Callable<Integer>, OldNames.Owner {
  private static final OldNames OLD_NAMES =
      new OldNames(
          Map.of(
              "--property", "--formatter-property",
              "--consumer-property", "--command-property",
              "--consumer.config", "--command-config",
              "--whitelist", "--include"),
          Set.of("--new-consumer", "--delete-consumer-offsets", "--csv-reporter-enabled"),
          Set.of("--metrics-dir"));

  private final Shell shell;

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();
  @Mixin private final ConsumeFromOptions source = new ConsumeFromOptions();

  @Option(
      names = "--max-messages",
      paramLabel = "N",
      description = "Ends after so many records. Default: never.")
  private int maxMessages = -1;

  @Option(
      names = "--timeout-ms",
      paramLabel = "MS",
      description = "Ends when no record comes for so long. Default: never.")
  private long timeoutMs = -1;

  @Option(
      names = "--formatter-property",
      paramLabel = "NAME=VALUE",
      description = {
        "How a record is printed; may be given again.",
        "  print.key=true            also print.timestamp, print.partition, print.offset,",
        "                            print.epoch, print.delivery, print.headers; print.value=false",
        "  key.separator=:           between fields; default: a tab",
        "  line.separator=X          behind a record; default: a line break",
        "  headers.separator=,       between headers",
        "  null.literal=NULL         stands for null; default: null",
        "  key.deserializer=CLASS    also value.deserializer, headers.deserializer"
      })
  private List<String> formatterProperties = new ArrayList<>();

  @Option(
      names = "--formatter-config",
      paramLabel = "FILE",
      description = "Properties of the formatter; --formatter-property goes before it.")
  private @Nullable Path formatterConfig;

  @Option(
      names = "--formatter",
      paramLabel = "CLASS",
      description = "A formatter of Kafka's. Default: DefaultMessageFormatter.")
  private String formatter = "DefaultMessageFormatter";

  @Option(names = "--key-deserializer", paramLabel = "CLASS", description = "How keys become text.")
  private @Nullable String keyDeserializer;

  @Option(
      names = "--value-deserializer",
      paramLabel = "CLASS",
      description = "How values become text.")
  private @Nullable String valueDeserializer;

  @Option(
      names = "--skip-message-on-error",
      description = "Goes on behind a record that cannot be printed.")
  private boolean skipsOnError;

  @Option(names = "--enable-systest-events", description = "Prints shutdown_complete at the end.")
  private boolean systestEvents;

  private int messageCount;

  KafkaConsoleConsumer(Shell shell) {
    this.shell = shell;
  }

  @Override
  public OldNames oldNames() {
    return OLD_NAMES;
  }

  @Override
  public Integer call() {
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings =
        bootstrap.client(source.settings(bootstrap, connection.properties(bootstrap)));
    RecordFormat format = RecordFormat.of(formatter, formatterProperties(), shell);
    bootstrap.checkReachable();
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes);
    try (Interruption interruption = Interruption.watch(shell, consumer::wakeup)) {
      RecordStream stream = new RecordStream(consumer, shell, timeoutMs);
      try (stream) {
        source.begin(consumer);
        printAll(stream, format, interruption);
      } catch (WakeupException e) {
        // Interrupted: what follows is the end of every run.
      } finally {
        shell.out().flush();
        shell.err().println("Processed a total of " + messageCount + " messages");
      }
      if (systestEvents) {
        shell.out().println("shutdown_complete");
      }
    }
    return 0;
  }

  private Map<String, String> formatterProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    if (formatterConfig != null) {
      properties.putAll(KeyValues.read(formatterConfig));
    }
    if (keyDeserializer != null) {
      properties.put("key.deserializer", keyDeserializer);
    }
    if (valueDeserializer != null) {
      properties.put("value.deserializer", valueDeserializer);
    }
    properties.putAll(KeyValues.parse(formatterProperties));
    return properties;
  }

  private void printAll(RecordStream stream, RecordFormat format, Interruption interruption) {
    while (messageCount != maxMessages && !interruption.requested()) {
      ConsumerRecord<byte[], byte[]> record = stream.next();
      if (record == null) {
        return;
      }
      messageCount++;
      print(record, format);
    }
  }

  private void print(ConsumerRecord<byte[], byte[]> record, RecordFormat format) {
    try {
      format.print(record, shell.out());
    } catch (RuntimeException e) {
      String sentence =
          "Error processing message at offset %d of %s-%d: %s"
              .formatted(record.offset(), record.topic(), record.partition(), Failures.sentence(e));
      if (!skipsOnError) {
        throw ToolException.failed(sentence)
            .hint("--skip-message-on-error goes on behind such a record.")
            .because(e);
      }
      shell.error(sentence + "; skipped");
    }
  }
}
