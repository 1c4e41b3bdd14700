package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which options of a tool go together. Says what does not with the sentences of Kafka's tools,
 * since scripts know them, and adds what to type. Immutable.
 */
final class OptionRules {
  private static final Set<String> COMMON = Set.of("--bootstrap-server", "--command-config");

  private final ParseResult given;

  private OptionRules(ParseResult given) {
    this.given = given;
  }

  /** The rules over what was typed for a command. */
  static OptionRules of(CommandSpec spec) {
    return new OptionRules(spec.commandLine().getParseResult());
  }

  /** Whether an option was typed. */
  boolean has(String option) {
    return given.hasMatchedOption(option);
  }

  /** Exactly one of these actions was typed, else this sentence is said. */
  void oneAction(String sentence, String example, String... actions) {
    List<String> typed = Arrays.stream(actions).filter(this::has).toList();
    if (typed.size() != 1) {
      String hint =
          typed.isEmpty()
              ? "Say what to do, for example: " + example
              : "Leave one of " + String.join(" and ", typed) + " out.";
      throw ToolException.wrongUsage(sentence).hint(hint);
    }
  }

  /** An option that must be there. */
  void required(String option, String example) {
    if (!has(option)) {
      throw ToolException.wrongUsage("Missing required argument \"" + inBrackets(option) + "\"")
          .hint("Add it, for example: " + option + (example.isEmpty() ? "" : " ") + example);
    }
  }

  /** With this option, none of the others may be there. */
  void excludes(String option, String... others) {
    if (!has(option)) {
      return;
    }
    for (String other : others) {
      if (has(other)) {
        throw ToolException.wrongUsage(
                "Option \"%s\" can't be used with option \"%s\""
                    .formatted(inBrackets(option), inBrackets(other)))
            .hint("Leave one of " + option + " and " + other + " out.");
      }
    }
  }

  /**
   * With this action, of the options that are typed only these may be there, and the common ones.
   */
  void only(String action, String... allowed) {
    List<String> fit = Arrays.asList(allowed);
    for (OptionSpec option : given.matchedOptionsSet()) {
      String name = option.longestName();
      if (!name.equals(action) && !COMMON.contains(name) && !fit.contains(name)) {
        throw ToolException.wrongUsage(
                "Option \"%s\" can't be used with action \"%s\""
                    .formatted(inBrackets(name), inBrackets(action)))
            .hint("Leave " + name + " out.");
      }
    }
  }

  private static String inBrackets(String option) {
    return "[" + option.replaceFirst("^-+", "") + "]";
  }
}
