package io.millrace.rest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Holds documents against the schemas of the interface's own description. */
final class Schemas {
  private final JsonObject description;

  Schemas() throws IOException {
    try (InputStream in = Schemas.class.getResourceAsStream("/api/openapi.json")) {
      description = new JsonObject(new String(in.readAllBytes(), "UTF-8"));
    }
  }

  JsonObject description() {
    return description;
  }

  /** What is wrong with a document of that schema; empty when nothing is. */
  List<String> faults(String schema, JsonObject document) {
    List<String> faults = new ArrayList<>();
    check(named(schema), document, schema, faults);
    return faults;
  }

  private JsonObject named(String name) {
    return description.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
  }

  private void check(JsonObject schema, Object value, String at, List<String> faults) {
    String ref = schema.getString("$ref");
    if (ref != null) {
      check(named(ref.substring(ref.lastIndexOf('/') + 1)), value, at, faults);
      return;
    }
    Object type = schema.getValue("type");
    if (type != null && !isOf(type, value)) {
      faults.add(at + " is " + value + ", not " + type);
    } else if (schema.getJsonArray("enum") != null
        && !schema.getJsonArray("enum").contains(value)) {
      faults.add(at + " is " + value + ", not one of " + schema.getJsonArray("enum"));
    } else if (value instanceof JsonObject object) {
      checkFields(schema, object, at, faults);
    } else if (value instanceof JsonArray array && schema.getJsonObject("items") != null) {
      for (int i = 0; i < array.size(); i++) {
        check(schema.getJsonObject("items"), array.getValue(i), at + "[" + i + "]", faults);
      }
    }
  }

  private void checkFields(JsonObject schema, JsonObject object, String at, List<String> faults) {
    JsonObject fields = schema.getJsonObject("properties", new JsonObject());
    for (Object required : schema.getJsonArray("required", new JsonArray())) {
      if (!object.containsKey((String) required)) {
        faults.add(at + " has no " + required);
      }
    }
    for (String name : object.fieldNames()) {
      Object rest = schema.getValue("additionalProperties");
      if (fields.containsKey(name)) {
        check(fields.getJsonObject(name), object.getValue(name), at + "." + name, faults);
      } else if (rest instanceof JsonObject other) {
        check(other, object.getValue(name), at + "." + name, faults);
      } else if (Boolean.FALSE.equals(rest)) {
        faults.add(at + " has " + name + ", which is not described");
      }
    }
  }

  private static boolean isOf(Object type, Object value) {
    if (type instanceof JsonArray types) {
      return types.stream().anyMatch(each -> isOf(each, value));
    }
    return switch ((String) type) {
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      case "object" -> value instanceof JsonObject;
      case "array" -> value instanceof JsonArray;
      case "null" -> value == null;
      default -> throw new IllegalArgumentException("unknown type " + type);
    };
  }
}
