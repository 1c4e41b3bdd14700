package io.millrace.config;

import java.util.List;
import java.util.function.Predicate;

/**
 * Which values of a type are allowed, and the same said in words.
 *
 * @param <T> type of the values
 * @param words completes "must be …", for messages and documents; empty when all are allowed
 * @param allows whether a value is allowed
 */
public record Rule<T>(String words, Predicate<T> allows) {

  /** Every value of the type. */
  public static <T> Rule<T> any() {
    return new Rule<>("", value -> true);
  }

  /** At least {@code min}. */
  public static <T extends Comparable<T>> Rule<T> atLeast(T min) {
    return new Rule<>("at least " + min, value -> value.compareTo(min) >= 0);
  }

  /** From {@code min} to {@code max}, both included. */
  public static <T extends Comparable<T>> Rule<T> between(T min, T max) {
    return new Rule<>(
        "from " + min + " to " + max,
        value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
  }

  /** One of the given texts, in exactly this spelling. */
  public static Rule<String> oneOf(String... choices) {
    List<String> all = List.of(choices);
    return new Rule<>("one of " + String.join(", ", all), all::contains);
  }

  /** A list whose elements are all among the given texts. */
  public static Rule<List<String>> listOf(String... choices) {
    List<String> all = List.of(choices);
    return new Rule<>("a list of " + String.join(", ", all), all::containsAll);
  }

  /** A text or list with something in it. */
  public static <T> Rule<T> notEmpty() {
    return new Rule<>(
        "not empty", value -> value instanceof List<?> l ? !l.isEmpty() : !value.equals(""));
  }
}
