package io.millrace.cli.group;

import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets of groups as lines of CSV: {@code topic,partition,offset} for one group, {@code
 * group,topic,partition,offset} for several. Stateless.
 */
public final class ResetPlanText {
  /** Longer texts are quoted whatever they hold, as Kafka's tool does it. */
  private static final int BARE_MAX = 24;

  private ResetPlanText() {}

  /** One line of a plan of one group. */
  public static String line(TopicPartition partition, long offset) {
    return cell(partition.topic()) + "," + partition.partition() + "," + offset;
  }

  /** One line of a plan of several groups. */
  public static String line(String group, TopicPartition partition, long offset) {
    return cell(group) + "," + line(partition, offset);
  }

  private static String cell(String text) {
    boolean bare =
        !text.isEmpty() && text.length() <= BARE_MAX && text.chars().allMatch(c -> c > ',');
    return bare ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }

  /**
   * Reads a plan.
   *
   * @param text the file
   * @param groups those that were named; a line without a group belongs to the only one
   * @return offsets by group
   * @throws ToolException when a line has another form; names it
   */
  public static Map<String, Map<TopicPartition, Long>> parse(String text, List<String> groups) {
    Map<String, Map<TopicPartition, Long>> plan = new HashMap<>();
    int number = 0;
    for (String line : text.split("\\R")) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      List<String> cells = cells(line);
      if (cells.size() == 3 && groups.size() == 1) {
        cells.add(0, groups.get(0));
      }
      try {
        if (cells.size() == 4) {
          TopicPartition partition = new TopicPartition(cells.get(1), number(cells, 2).intValue());
          plan.computeIfAbsent(cells.get(0), name -> new HashMap<>())
              .put(partition, number(cells, 3));
          continue;
        }
      } catch (NumberFormatException e) {
        throw wrong(line, number, groups).because(e);
      }
      throw wrong(line, number, groups);
    }
    return plan;
  }

  private static Long number(List<String> cells, int index) {
    return Long.valueOf(cells.get(index).strip());
  }

  private static ToolException wrong(String line, int number, List<String> groups) {
    return ToolException.wrongUsage("Line " + number + " of the plan is '" + line + "'")
        .hint(
            groups.size() == 1
                ? "Write topic,partition,offset on each line."
                : "Write group,topic,partition,offset on each line.");
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
