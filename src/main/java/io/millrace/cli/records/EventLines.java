package io.millrace.cli.records;

import io.millrace.cli.tool.JsonText;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes events as lines of JSON, each with its time and name in front, for programs that follow
 * them. Thread-safe.
 */
public final class EventLines {
  private final PrintStream out;

  /** Lines on {@code out}, each written out at once. */
  public EventLines(PrintStream out) {
    this.out = out;
  }

  /**
   * Writes an event.
   *
   * @param name in lower case with underscores
   * @param fields names and values in turns
   */
  public void print(String name, Object... fields) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("timestamp", System.currentTimeMillis());
    event.put("name", name);
    event.putAll(fields(fields));
    String line = JsonText.line(event);
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  /**
   * An object in the order given.
   *
   * @param fields names and values in turns
   */
  public static Map<String, Object> fields(Object... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i + 1 < fields.length; i += 2) {
      object.put((String) fields[i], fields[i + 1]);
    }
    return object;
  }
}
