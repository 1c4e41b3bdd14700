package io.millrace.cli.tool;

import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** Guesses which configuration keys somebody meant. Stateless. */
public final class ConfigKeyHints {
  private ConfigKeyHints() {}

  /** What to type for the first of these keys that no topic has; empty when all are known. */
  public static Optional<String> topic(Collection<String> keys) {
    return hint(keys, KnownKeys::topic, KnownKeys.topic(), "millrace configs list --topics");
  }

  /** What to type for the first of these keys that no broker has; empty when all are known. */
  public static Optional<String> broker(Collection<String> keys) {
    return hint(keys, KnownKeys::broker, KnownKeys.broker(), "millrace configs list --brokers");
  }

  /** A failure with a hint, unless the broker's message has one already. */
  public static ToolException add(Optional<String> hint, ToolException failure) {
    boolean hinted = failure.getMessage().contains("did you mean");
    return hint.isPresent() && !hinted ? failure.hint(hint.get()) : failure;
  }

  private static Optional<String> hint(
      Collection<String> keys,
      Function<String, Optional<Key<?>>> known,
      Collection<Key<?>> all,
      String list) {
    return keys.stream()
        .filter(key -> known.apply(key).isEmpty())
        .findFirst()
        .map(
            key ->
                DidYouMean.among(key, all.stream().map(Key::name).toList())
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("See which keys there are with: " + list));
  }
}
