package io.millrace.cli.kafka;

import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How the console consumer prints a record. Confined to: the main thread. */
interface RecordFormat {
  /** Packages and outer classes that had Kafka's formatters, from release to release. */
  Set<String> HOMES =
      Set.of(
          "",
          "kafka.tools.",
          "kafka.consumer.",
          "org.apache.kafka.tools.consumer.",
          "kafka.server.OffsetManager$",
          "kafka.coordinator.GroupMetadataManager$",
          "kafka.coordinator.group.GroupMetadataManager$");

  /** Those whose formatters of {@code __consumer_offsets} wrote no JSON yet. */
  Set<String> HOMES_BEFORE_JSON =
      Set.of(
          "kafka.server.OffsetManager$",
          "kafka.coordinator.GroupMetadataManager$",
          "kafka.coordinator.group.GroupMetadataManager$");

  /** Prints it. */
  void print(ConsumerRecord<byte[], byte[]> record, PrintStream out);

  /**
   * The format that a class of Kafka's stands for.
   *
   * @param className of a formatter, from Kafka 0.9 to the newest
   * @param properties of the formatter
   * @throws ToolException when the class is not known here
   */
  static RecordFormat of(String className, Map<String, String> properties, Shell shell) {
    int simple = Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1;
    String home = className.substring(0, simple);
    String name = HOMES.contains(home) ? className.substring(simple) : "";
    return switch (name) {
      case "DefaultMessageFormatter" -> TextFormat.of(properties);
      case "LoggingMessageFormatter" -> new LoggedFormat(TextFormat.of(properties), shell);
      case "NoOpMessageFormatter" -> (record, out) -> {};
      case "OffsetsMessageFormatter" -> coordinator(CoordinatorFormat.OFFSETS, home, shell);
      case "GroupMetadataMessageFormatter" -> coordinator(CoordinatorFormat.GROUPS, home, shell);
      default ->
          throw ToolException.wrongUsage("The formatter " + className + " is not known here.")
              .hint(
                  "There are DefaultMessageFormatter, LoggingMessageFormatter,"
                      + " NoOpMessageFormatter, OffsetsMessageFormatter and"
                      + " GroupMetadataMessageFormatter; or write records as JSON with:"
                      + " millrace consume --json");
    };
  }

  private static RecordFormat coordinator(Set<Integer> types, String home, Shell shell) {
    return HOMES_BEFORE_JSON.contains(home)
        ? CoordinatorFormat.lines(types)
        : CoordinatorFormat.json(types, shell);
  }
}
