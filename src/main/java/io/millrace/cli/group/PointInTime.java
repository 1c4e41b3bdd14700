package io.millrace.cli.group;

import io.millrace.cli.tool.ToolException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Reads points in time as people write them. Stateless. */
public final class PointInTime {
  /** Offsets as +09:00, +0900, +09 and Z. */
  private static final DateTimeFormatter WITH_OFFSET =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();

  private PointInTime() {}

  /**
   * Reads a date with a time, such as {@code 2026-11-01T08:00:00.000}. Without an offset it is UTC,
   * as in Kafka's tools.
   *
   * @return milliseconds since 1970
   * @throws ToolException when it has another form
   */
  public static long dateTime(String text) {
    try {
      var read = WITH_OFFSET.parseBest(text, java.time.OffsetDateTime::from, LocalDateTime::from);
      Instant at =
          read instanceof LocalDateTime local
              ? local.toInstant(ZoneOffset.UTC)
              : java.time.OffsetDateTime.from(read).toInstant();
      return at.toEpochMilli();
    } catch (DateTimeException e) {
      throw ToolException.wrongUsage("'" + text + "' is no date with a time")
          .hint("Write YYYY-MM-DDThh:mm:ss.sss, which is UTC, or with an offset such as +09:00.")
          .because(e);
    }
  }

  /**
   * Reads a length of time, such as {@code P1DT2H}.
   *
   * @return milliseconds
   * @throws ToolException when it has another form
   */
  public static long duration(String text) {
    try {
      return Duration.parse(text).toMillis();
    } catch (DateTimeException | ArithmeticException e) {
      throw ToolException.wrongUsage("'" + text + "' is no length of time")
          .hint("Write PnDTnHnMnS: P1D is a day, PT2H two hours, PT30M half an hour.")
          .because(e);
    }
  }
}
