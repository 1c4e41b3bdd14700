package io.millrace.rest.view;

import io.millrace.model.Caller;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at what. Immutable.
 *
 * @param caller who asks
 * @param names values of the names in the address, decoded
 * @param query query parameters; all of them known to the view
 */
public record Look(Caller caller, Map<String, String> names, Map<String, String> query) {

  /** The value of a name in the address. */
  public String name(String name) {
    return names.getOrDefault(name, "");
  }

  /** A query parameter, or null. */
  public @Nullable String query(String name) {
    return query.get(name);
  }

  /** A yes-or-no parameter; absent is no. */
  public boolean flag(String name) {
    String text = query.getOrDefault(name, "false");
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw wrong(name, "true or false", text);
    };
  }

  /** A whole number within bounds. */
  public long number(String name, long fallback, long min, long max) {
    String text = query.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, "a whole number from " + min + " to " + max, text);
    }
    throw wrong(name, "a whole number from " + min + " to " + max, text);
  }

  private static ProblemException wrong(String name, String wanted, String text) {
    return new ProblemException(
        Problem.badRequest("The parameter " + name + " must be " + wanted + ", not " + text + "."));
  }
}
