package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.JsonFields;
import org.jspecify.annotations.Nullable;

/** Something that a client may ask for on its session. */
@FunctionalInterface
interface Op {

  /**
   * Does it, or begins to; the answer goes to the session. On the session's loop.
   *
   * @throws RefusedException is answered as an {@code err} frame
   */
  void run(Session session, Request request);

  /** One frame of a client: its fields, and the id to answer with. */
  record Request(JsonFields fields, @Nullable String id) {

    /** A whole number that the frame must have. */
    long number(String name) {
      Long value = optionalNumber(name);
      if (value == null) {
        throw RefusedException.invalid("The field " + name + " is missing.", null);
      }
      return value;
    }

    /** A whole number, or null when the frame has none. */
    @Nullable Long optionalNumber(String name) {
      String text = fields.json(name);
      if (text == null || text.equals("null")) {
        return null;
      }
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        throw RefusedException.invalid("The field " + name + " is not a whole number.", null);
      }
    }

    /** A text, or null when the frame has none. */
    @Nullable String optionalText(String name) {
      String raw = fields.json(name);
      if (raw == null || raw.equals("null")) {
        return null;
      }
      String text = fields.text(name);
      if (text == null) {
        throw RefusedException.invalid("The field " + name + " is not a text.", null);
      }
      return text;
    }

    /** A text that the frame must have. */
    String text(String name) {
      String text = optionalText(name);
      if (text == null) {
        throw RefusedException.invalid("The field " + name + " is missing.", null);
      }
      return text;
    }
  }
}
