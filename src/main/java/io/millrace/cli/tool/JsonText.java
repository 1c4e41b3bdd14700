package io.millrace.cli.tool;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

/** Reads and writes JSON. Stateless. */
public final class JsonText {
  private JsonText() {}

  /** On one line. Takes maps, lists, texts, numbers, booleans and null. */
  public static String line(Object value) {
    return Json.encode(value);
  }

  /** With line breaks. */
  public static String pretty(Object value) {
    return Json.encodePrettily(value);
  }

  /**
   * Reads an object.
   *
   * @param where where the text stands, for the error
   * @throws ToolException when the text is no JSON object
   */
  public static JsonObject object(String text, String where) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      throw ToolException.wrongUsage(where + " is not a JSON object: " + e.getMessage()).because(e);
    }
  }
}
