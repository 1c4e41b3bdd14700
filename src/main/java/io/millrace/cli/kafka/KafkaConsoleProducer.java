package io.millrace.cli.kafka;

import io.millrace.cli.records.LineBytes;
import io.millrace.cli.records.LineGrammar;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.KeyValues;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code kafka-console-producer}: sends each line of the input as a record. Confined to: the main
 * thread; errors of sends are said by the producer's thread.
 */
@Command(
    name = "kafka-console-producer",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Sends each line of standard input as a record.")
final class KafkaConsoleProducer implements Callable<Integer>, OldNames.Owner {
  private static final Set<String> LINE_READERS =
      Set.of(
          "org.apache.kafka.tools.LineMessageReader",
          "kafka.tools.ConsoleProducer$LineMessageReader",
          "kafka.producer.ConsoleProducer$LineMessageReader",
          "kafka.tools.LineMessageReader",
          "LineMessageReader");
  private static final OldNames OLD_NAMES =
      new OldNames(
          Map.of(
              "--property", "--reader-property",
              "--producer-property", "--command-property",
              "--producer.config", "--command-config"),
          Set.of("--new-producer", "--old-producer"),
          Set.of(
              "--queue-size",
              "--queue-enqueuetimeout-ms",
              "--key-serializer",
              "--value-serializer",
              "--value-encoder",
              "--key-encoder"));

  private final Shell shell;

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "Topic to send to.")
  private String topic = "";

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();
  @Mixin private final ConsoleProducerTuning tuning = new ConsoleProducerTuning();

  @Option(
      names = "--reader-property",
      paramLabel = "NAME=VALUE",
      description = {
        "How a line is read; may be given again. Without any, the whole line is the value.",
        "  parse.key=true            a key stands before the value",
        "  key.separator=:           between key and value; default: a tab",
        "  parse.headers=true        headers stand before the key: h1:v1,h2:v2",
        "  headers.delimiter=|       behind the headers; default: a tab",
        "  headers.separator=,       between headers",
        "  headers.key.separator=:   between a header's key and value",
        "  null.marker=NULL          stands for null",
        "  ignore.error=true         a line without a separator is a value"
      })
  private List<String> readerProperties = new ArrayList<>();

  @Option(
      names = "--reader-config",
      paramLabel = "FILE",
      description = "Properties of the reader; --reader-property goes before it.")
  private @Nullable Path readerConfig;

  @Option(
      names = "--line-reader",
      paramLabel = "CLASS",
      description = "Class that reads lines: only Kafka's LineMessageReader, which is the default.")
  private String lineReader = "LineMessageReader";

  @Option(names = "--sync", description = "Waits for each record before it sends the next.")
  private boolean sync;

  KafkaConsoleProducer(Shell shell) {
    this.shell = shell;
  }

  @Override
  public OldNames oldNames() {
    return OLD_NAMES;
  }

  @Override
  public Integer call() throws IOException {
    LineGrammar grammar = grammar();
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings =
        bootstrap.client(tuning.settings(connection.properties(bootstrap), isTyped()));
    bootstrap.checkReachable();
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try (Interruption interruption = Interruption.endWith(shell, producer::close);
        producer) {
      sendLines(producer, grammar, interruption);
    }
    return 0;
  }

  private LineGrammar grammar() {
    if (!LINE_READERS.contains(lineReader)) {
      throw ToolException.wrongUsage(
              "The class " + lineReader + " cannot be loaded here: lines are read in one way only.")
          .hint("Leave --line-reader out, and say with --reader-property how a line is read.");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    if (readerConfig != null) {
      properties.putAll(KeyValues.read(readerConfig));
    }
    properties.putAll(KeyValues.parse(readerProperties));
    return LineGrammar.of(properties);
  }

  /** Whether a person types the lines and sees the prompt. */
  private boolean isTyped() {
    return shell.inIsTerminal() && shell.outIsTerminal();
  }

  private void sendLines(
      KafkaProducer<byte[], byte[]> producer, LineGrammar grammar, Interruption interruption)
      throws IOException {
    LineBytes lines = new LineBytes(shell.in());
    prompt();
    byte[] line = lines.next();
    for (long number = 1; line != null && !interruption.requested(); number++) {
      send(producer, grammar.parse(line, number, topic));
      prompt();
      line = lines.next();
    }
  }

  private void prompt() {
    if (isTyped()) {
      shell.out().print(">");
      shell.out().flush();
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    if (!sync) {
      producer.send(record, (metadata, failure) -> complain(record, failure));
      return;
    }
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw ToolException.failed(complaint(record, Failures.cause(e))).because(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void complain(ProducerRecord<byte[], byte[]> record, @Nullable Exception failure) {
    if (failure != null) {
      shell.error(complaint(record, failure));
    }
  }

  private static String complaint(ProducerRecord<byte[], byte[]> record, Throwable failure) {
    return "Error when sending message to topic %s with key: %s, value: %s with error: %s"
        .formatted(
            record.topic(), size(record.key()), size(record.value()), Failures.sentence(failure));
  }

  private static String size(byte @Nullable [] bytes) {
    return bytes == null ? "null" : bytes.length + " bytes";
  }
}
