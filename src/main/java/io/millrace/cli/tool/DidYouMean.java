package io.millrace.cli.tool;

import io.millrace.config.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Guesses which option, command or name somebody meant. Stateless. */
public final class DidYouMean {
  private DidYouMean() {}

  /** The name that is most like what was typed; empty when none is like it. */
  public static Optional<String> among(String typed, Collection<String> names) {
    int farthest = Math.max(2, typed.length() / 5);
    return names.stream()
        .filter(name -> Math.abs(name.length() - typed.length()) <= farthest)
        .filter(name -> Spelling.distance(typed, name) <= farthest)
        .min(Comparator.comparingInt(name -> Spelling.distance(typed, name)));
  }

  /** "; did you mean …?" or nothing. */
  static String hint(String typed, UnmatchedArgumentException failure) {
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    String bare = letters(typed);
    Optional<String> dashed =
        names(spec).filter(name -> name.startsWith("--") && letters(name).equals(bare)).findFirst();
    return dashed
        .or(() -> nearest(bare, spec))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  private static Stream<String> names(CommandSpec spec) {
    Stream<String> options =
        spec.options().stream()
            .filter(option -> !option.hidden())
            .map(CommandLine.Model.OptionSpec::longestName);
    Stream<String> old = Stream.of("--broker-list", "--zookeeper");
    return Stream.concat(Stream.concat(options, spec.subcommands().keySet().stream()), old);
  }

  private static String letters(String name) {
    return name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> nearest(String bare, CommandSpec spec) {
    record Guess(String name, int distance) {}
    return names(spec)
        .map(name -> new Guess(name, Spelling.distance(bare, letters(name))))
        .filter(guess -> guess.distance <= Math.max(1, bare.length() / 4))
        .min(Comparator.comparingInt(Guess::distance))
        .map(Guess::name);
  }
}
