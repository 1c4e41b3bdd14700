package io.millrace.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;

/**
 * How the text of a value is read and written. The names and forms are Kafka's, so that
 * DescribeConfigs can tell clients the type.
 *
 * @param <T> what the text means
 * @param kafkaType the type as Kafka's protocol names it
 * @param wanted what a valid text looks like, for messages: "a whole number"
 * @param reader reads the trimmed text; throws an unchecked exception when it is not valid
 * @param writer writes a value back as text
 */
public record ValueType<T>(
    ConfigDef.Type kafkaType,
    String wanted,
    Function<String, T> reader,
    Function<T, String> writer) {

  /** {@code true} or {@code false}. */
  public static final ValueType<Boolean> BOOLEAN =
      new ValueType<>(
          ConfigDef.Type.BOOLEAN, "true or false", ValueType::readBoolean, String::valueOf);

  /** Any text. */
  public static final ValueType<String> STRING =
      new ValueType<>(ConfigDef.Type.STRING, "text", text -> text, text -> text);

  /** A whole number of 32 bits. */
  public static final ValueType<Integer> INT =
      new ValueType<>(ConfigDef.Type.INT, "a whole number", Integer::valueOf, String::valueOf);

  /** A whole number of 16 bits. */
  public static final ValueType<Short> SHORT =
      new ValueType<>(ConfigDef.Type.SHORT, "a whole number", Short::valueOf, String::valueOf);

  /** A whole number of 64 bits. */
  public static final ValueType<Long> LONG =
      new ValueType<>(ConfigDef.Type.LONG, "a whole number", Long::valueOf, String::valueOf);

  /** A number with a fraction. */
  public static final ValueType<Double> DOUBLE =
      new ValueType<>(ConfigDef.Type.DOUBLE, "a number", Double::valueOf, String::valueOf);

  /** Texts separated by commas; blanks around each are dropped, an empty text is no element. */
  public static final ValueType<List<String>> LIST =
      new ValueType<>(
          ConfigDef.Type.LIST,
          "a list separated by commas",
          ValueType::readList,
          list -> String.join(",", list));

  /** Name of a Java class; kept as text, since no foreign class is ever loaded. */
  public static final ValueType<String> CLASS =
      new ValueType<>(ConfigDef.Type.CLASS, "a class name", text -> text, text -> text);

  /** A text that is never shown. */
  public static final ValueType<String> PASSWORD =
      new ValueType<>(ConfigDef.Type.PASSWORD, "text", text -> text, text -> text);

  private static Boolean readBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static List<String> readList(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
