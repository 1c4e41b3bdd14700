package io.millrace.cli.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Judges regular expressions by the syntax of RE2, which groups subscribe with: Java's, without
 * what needs going back (look-around, references to groups, possessive and atomic parts).
 * Stateless.
 */
final class Re2Syntax {
  private static final Pattern BEYOND =
      Pattern.compile("\\(\\?(?:[=!>]|<[=!])|\\\\[1-9]|\\\\k<|(?<!\\\\)[*+?}]\\+");

  private Re2Syntax() {}

  /** Whether it may be subscribed to, in Kafka's sentence. */
  static String verdict(String regex) {
    String problem = problem(regex);
    return problem.isEmpty()
        ? "The regular expression `" + regex + "` is valid."
        : "The regular expression `" + regex + "` is invalid: " + problem + ".";
  }

  private static String problem(String regex) {
    Matcher beyond = BEYOND.matcher(regex.replace("\\\\", ""));
    if (beyond.find()) {
      String part = beyond.group();
      return part.startsWith("(?")
          ? "invalid or unsupported Perl syntax"
          : part.startsWith("\\")
              ? "invalid escape sequence"
              : "invalid nested repetition operator";
    }
    try {
      Pattern.compile(regex);
      return "";
    } catch (PatternSyntaxException e) {
      return said(e.getDescription());
    }
  }

  private static String said(String description) {
    return switch (description) {
      case "Unclosed group" -> "missing closing )";
      case "Unmatched closing ')'" -> "unexpected )";
      case "Unclosed character class" -> "missing closing ]";
      default -> Character.toLowerCase(description.charAt(0)) + description.substring(1);
    };
  }
}
