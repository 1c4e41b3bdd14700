package io.millrace.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key that somebody may have meant. Stateless. */
public final class Spelling {
  private Spelling() {}

  /** A clause to put behind the name of an unknown key; empty when nothing is like it. */
  public static String hint(String unknown) {
    Optional<String> topicHint =
        KnownKeys.topic(unknown)
            .map(
                topicKey ->
                    TopicKeys.brokerKeyOf(topicKey)
                        .map(key -> "; it is set per topic, for all topics write " + key)
                        .orElse("; it is set per topic"));
    return topicHint
        .or(() -> nearest(unknown, KnownKeys.broker()).map(key -> "; did you mean " + key + "?"))
        .orElse("");
  }

  /** A clause to put behind the name of an unknown key of topics; empty when nothing is like it. */
  public static String topicHint(String unknown) {
    Optional<String> brokerHint =
        KnownKeys.topic().stream()
            .filter(
                key -> TopicKeys.brokerKeyOf(key).filter(b -> b.name().equals(unknown)).isPresent())
            .map(key -> "; that is the key of brokers, topics have " + key)
            .findFirst();
    return brokerHint
        .or(() -> nearest(unknown, KnownKeys.topic()).map(key -> "; did you mean " + key + "?"))
        .orElse("");
  }

  private static Optional<String> nearest(String unknown, Collection<Key<?>> keys) {
    int farthest = Math.max(2, unknown.length() / 5);
    return keys.stream()
        .map(Key::name)
        .filter(name -> Math.abs(name.length() - unknown.length()) <= farthest)
        .filter(name -> distance(name, unknown) <= farthest)
        .min(Comparator.comparingInt(name -> distance(name, unknown)));
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  public static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        steps[i][j] = i == 0 ? j : j == 0 ? i : cheapest(one, other, steps, i, j);
      }
    }
    return steps[one.length()][other.length()];
  }

  private static int cheapest(String one, String other, int[][] steps, int i, int j) {
    char a = one.charAt(i - 1);
    char b = other.charAt(j - 1);
    int replaced = steps[i - 1][j - 1] + (a == b ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
    boolean swapped = i > 1 && j > 1 && a == other.charAt(j - 2) && b == one.charAt(i - 2);
    return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
  }
}
