package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;

/** Reads which offset is meant: by name, by the number that stands for it, by time. Stateless. */
public final class OffsetTimes {
  private static final Map<String, OffsetSpec> NAMED =
      Map.ofEntries(
          Map.entry("latest", OffsetSpec.latest()),
          Map.entry("-1", OffsetSpec.latest()),
          Map.entry("earliest", OffsetSpec.earliest()),
          Map.entry("-2", OffsetSpec.earliest()),
          Map.entry("max-timestamp", OffsetSpec.maxTimestamp()),
          Map.entry("-3", OffsetSpec.maxTimestamp()),
          Map.entry("earliest-local", OffsetSpec.earliestLocal()),
          Map.entry("-4", OffsetSpec.earliestLocal()),
          Map.entry("latest-tiered", OffsetSpec.latestTiered()),
          Map.entry("-5", OffsetSpec.latestTiered()),
          Map.entry("earliest-pending-upload", OffsetSpec.earliestPendingUpload()),
          Map.entry("-6", OffsetSpec.earliestPendingUpload()));

  private OffsetTimes() {}

  /**
   * Reads it.
   *
   * @param text a name, or milliseconds since 1970
   * @throws ToolException when it is neither
   */
  public static OffsetSpec parse(String text) {
    OffsetSpec named = NAMED.get(text);
    if (named != null) {
      return named;
    }
    try {
      return OffsetSpec.forTimestamp(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw ToolException.wrongUsage(
              "Malformed time argument "
                  + text
                  + ". Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or"
                  + " earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a"
                  + " specified long format timestamp")
          .because(e);
    }
  }
}
