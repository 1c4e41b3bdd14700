package io.millrace.cli.tool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/**
 * Rows under named columns: an aligned table on a terminal, tab-separated lines in a pipe, a list
 * of objects as JSON. Numbers stand right. Confined to: the main thread.
 */
public final class Listing {
  private static final int GAP = 2;

  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();

  private Listing(List<String> columns) {
    this.columns = columns;
  }

  /**
   * An empty one.
   *
   * @param columns names in lower case with spaces ("log end offset"); keys of JSON have "_" for
   *     the spaces
   */
  public static Listing of(String... columns) {
    return new Listing(List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @param values one per column: texts, numbers, booleans, {@link Shown}, or lists of texts and
   *     numbers
   */
  public void add(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(columns + " cannot take " + Arrays.toString(values));
    }
    rows.add(List.of(values));
  }

  /** How many rows it has. */
  public int size() {
    return rows.size();
  }

  /**
   * Prints it.
   *
   * @param json whether as JSON
   */
  public void print(Shell shell, boolean json) {
    if (json) {
      shell.out().println(JsonText.pretty(objects()));
    } else if (shell.outIsTerminal()) {
      shell.out().print(table(shell.coloursOut()));
    } else {
      rows.forEach(row -> shell.out().println(String.join("\t", texts(row))));
    }
  }

  /** The rows as JSON has them. */
  public List<Map<String, Object>> objects() {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<Object> row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.get(i) instanceof Shown shown ? shown.raw() : row.get(i);
        object.put(columns.get(i).replace(' ', '_'), value);
      }
      objects.add(object);
    }
    return objects;
  }

  private String table(boolean colours) {
    Ansi ansi = colours ? Ansi.ON : Ansi.OFF;
    int[] widths = new int[columns.size()];
    List<List<String>> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(row.stream().map(Listing::shown).toList()));
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      int widest = cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      widths[i] = Math.max(widest, columns.get(i).length()) + (i == 0 ? 0 : GAP);
    }
    Column[] layout = new Column[widths.length];
    for (int i = 0; i < widths.length; i++) {
      layout[i] = new Column(widths[i], i == 0 ? 0 : GAP, Overflow.TRUNCATE);
    }
    TextTable table = TextTable.forColumns(new ColorScheme.Builder(ansi).build(), layout);
    table.addRowValues(heads(ansi, widths));
    for (int r = 0; r < cells.size(); r++) {
      Text[] texts = new Text[widths.length];
      for (int i = 0; i < widths.length; i++) {
        int width = widths[i] - (i == 0 ? 0 : GAP);
        texts[i] = plain(ansi, aligned(cells.get(r).get(i), hasNumbers(i), width));
      }
      table.addRowValues(texts);
    }
    return table.toString();
  }

  private Text[] heads(Ansi ansi, int[] widths) {
    Text[] heads = new Text[widths.length];
    for (int i = 0; i < widths.length; i++) {
      String name =
          aligned(
              columns.get(i).toUpperCase(Locale.ROOT),
              hasNumbers(i),
              widths[i] - (i == 0 ? 0 : GAP));
      heads[i] = ansi.new Text(ansi.enabled() ? "@|bold " + name + "|@" : name);
    }
    return heads;
  }

  /** Text whose likeness to markup is broken up, so that it is shown and not obeyed. */
  private static Text plain(Ansi ansi, String text) {
    Text plain = ansi.new Text(0);
    return plain.concat(text.contains("@|") ? text.replace("@|", "@ |") : text);
  }

  /** Also true when some rows have a dash instead of a number. */
  private boolean hasNumbers(int column) {
    return rows.stream()
        .map(row -> row.get(column))
        .anyMatch(value -> (value instanceof Shown shown ? shown.raw() : value) instanceof Number);
  }

  private static String aligned(String text, boolean right, int width) {
    return right ? " ".repeat(Math.max(0, width - text.length())) + text : text;
  }

  private static List<String> texts(List<Object> row) {
    return row.stream().map(Listing::text).toList();
  }

  private static String shown(Object value) {
    return value instanceof Shown both ? both.text() : text(value);
  }

  private static String text(Object value) {
    if (value instanceof Iterable<?> several) {
      List<String> texts = new ArrayList<>();
      several.forEach(one -> texts.add(String.valueOf(one)));
      return String.join(",", texts);
    }
    return String.valueOf(value);
  }
}
