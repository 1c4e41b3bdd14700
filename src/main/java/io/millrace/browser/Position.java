package io.millrace.browser;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Where a reader stands: what it hands back to go on exactly there. As JSON: {@code
 * {"orders":{"id":"9LjkErU2T9Gnj_yYnjptLw","at":{"0":[119,4]}}}}. Immutable.
 *
 * @param topics place in each topic, by name
 */
public record Position(SortedMap<String, TopicPosition> topics) {

  /**
   * Where it stands in one topic.
   *
   * @param id id of the topic: one that was deleted and made again has another
   * @param at place in each partition, by number
   */
  public record TopicPosition(Uuid id, SortedMap<Integer, Point> at) {}

  /**
   * Where it stands in one partition.
   *
   * @param offset next offset to read
   * @param leaderEpoch leader epoch of the last record that was read; -1 when none was
   */
  public record Point(long offset, int leaderEpoch) {}

  private static final String SHAPE =
      "A position has the form {\"topic\":{\"id\":\"...\",\"at\":{\"0\":[offset,leader epoch]}}}.";

  /** Reads its text. @throws RefusedException when it is none */
  public static Position parse(String text) {
    try {
      return of(new JsonObject(text));
    } catch (DecodeException e) {
      throw RefusedException.invalid("The position is not JSON.", SHAPE);
    }
  }

  /** Reads it from JSON. @throws RefusedException when it is none */
  public static Position of(JsonObject json) {
    SortedMap<String, TopicPosition> topics = new TreeMap<>();
    try {
      for (String name : json.fieldNames()) {
        JsonObject topic = json.getJsonObject(name);
        SortedMap<Integer, Point> at = new TreeMap<>();
        for (Map.Entry<String, Object> entry : topic.getJsonObject("at")) {
          int partition = Integer.parseInt(entry.getKey());
          at.put(partition, point(entry.getValue()));
        }
        topics.put(name, new TopicPosition(Uuid.fromString(topic.getString("id")), at));
      }
    } catch (RuntimeException e) {
      throw RefusedException.invalid("The position cannot be read.", SHAPE);
    }
    return new Position(topics);
  }

  private static Point point(Object value) {
    if (value instanceof JsonArray pair) {
      return new Point(whole(pair.getValue(0)), Math.toIntExact(whole(pair.getValue(1))));
    }
    return new Point(whole(value), -1);
  }

  private static long whole(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException("not a whole number");
  }

  /** As JSON. */
  public JsonObject json() {
    JsonObject json = new JsonObject();
    topics.forEach(
        (name, topic) -> {
          JsonObject at = new JsonObject();
          topic.at.forEach(
              (partition, point) ->
                  at.put(
                      Integer.toString(partition),
                      new JsonArray().add(point.offset).add(point.leaderEpoch)));
          json.put(name, new JsonObject().put("id", topic.id.toString()).put("at", at));
        });
    return json;
  }
}
