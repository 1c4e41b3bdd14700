package io.millrace.cli.tool;

import java.util.Locale;

/**
 * A value that people read in another form than programs: a cell of a {@link Listing}.
 *
 * @param raw what programs get: a number, or a text
 * @param text what people see on a terminal
 *     <p>Immutable.
 */
public record Shown(Object raw, String text) {
  /** Bytes with a binary unit ({@code 1.5 MB}). */
  public static Shown bytes(long bytes) {
    return new Shown(bytes, bytesText(bytes));
  }

  /** Milliseconds in the largest unit that fits them exactly ({@code 7d}). */
  public static Shown duration(long ms) {
    return new Shown(ms, durationText(ms));
  }

  private static String bytesText(long bytes) {
    if (bytes == Long.MAX_VALUE) {
      return "no limit";
    }
    if (bytes < 1024) {
      return bytes < 0 ? String.valueOf(bytes) : bytes + " B";
    }
    double scaled = bytes;
    int unit = -1;
    while (scaled >= 1024 && unit < 5) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", scaled, "KMGTPE".charAt(unit));
  }

  private static String durationText(long ms) {
    if (ms == Long.MAX_VALUE) {
      return "no limit";
    }
    if (ms <= 0 || ms % 1000 != 0) {
      return ms + (ms <= 0 ? "" : "ms");
    }
    long seconds = ms / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  @Override
  public String toString() {
    return String.valueOf(raw);
  }
}
