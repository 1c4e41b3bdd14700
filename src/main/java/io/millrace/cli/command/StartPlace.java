package io.millrace.cli.command;

import io.millrace.cli.tool.ToolException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where reading begins. Immutable. */
interface StartPlace {
  /** Numbers from here on are times, in milliseconds since 1970; smaller ones are offsets. */
  long TIMES_SINCE_MS = 1_000_000_000_000L;

  /** The first records that are kept. */
  StartPlace BEGINNING = Consumer::seekToBeginning;

  /** Behind the last records. */
  StartPlace END = Consumer::seekToEnd;

  /** Lets a consumer begin there. */
  void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

  /**
   * Reads it.
   *
   * @param text beginning or earliest, end or latest, an offset, -N, or a time
   * @throws ToolException when it is none of these
   */
  static StartPlace parse(String text) {
    return switch (text) {
      case "beginning", "earliest" -> BEGINNING;
      case "end", "latest" -> END;
      default -> counted(text);
    };
  }

  private static StartPlace counted(String text) {
    if (text.matches("-\\d{1,18}")) {
      return last(-Long.parseLong(text));
    }
    if (text.matches("\\d{1,18}")) {
      long number = Long.parseLong(text);
      return number >= TIMES_SINCE_MS ? since(number) : offset(number);
    }
    return since(time(text).toEpochMilli());
  }

  private static Instant time(String text) {
    try {
      if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
      }
      if (text.matches(".*(Z|[+-]\\d{2}:?\\d{2})")) {
        return OffsetDateTime.parse(text).toInstant();
      }
      return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException e) {
      throw ToolException.wrongUsage("'" + text + "' is no place to begin at")
          .hint("Write beginning, end, 42, -10, 2026-01-31 or 2026-01-31T12:00:00Z.")
          .because(e);
    }
  }

  private static StartPlace last(long count) {
    return (consumer, partitions) -> {
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      consumer
          .endOffsets(partitions)
          .forEach(
              (one, end) ->
                  consumer.seek(one, Math.max(begins.getOrDefault(one, 0L), end - count)));
    };
  }

  private static StartPlace offset(long offset) {
    return (consumer, partitions) -> partitions.forEach(one -> consumer.seek(one, offset));
  }

  private static StartPlace since(long timeMs) {
    return (consumer, partitions) -> {
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(one -> times.put(one, timeMs));
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer
          .offsetsForTimes(times)
          .forEach(
              (one, found) ->
                  consumer.seek(one, found != null ? found.offset() : ends.getOrDefault(one, 0L)));
    };
  }
}
