package io.millrace.cli.tool;

import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that a command has itself, those of its subcommands among them. Immutable.
 *
 * @param names their names, with their dashes
 * @param valued those of them that are followed by a value
 */
public record OwnOptions(Set<String> names, Set<String> valued) {
  /** Those of a command that is described. */
  public static OwnOptions of(CommandLine line) {
    Set<String> names = new HashSet<>();
    Set<String> valued = new HashSet<>();
    add(line, names, valued);
    line.getSubcommands().values().forEach(one -> add(one, names, valued));
    return new OwnOptions(Set.copyOf(names), Set.copyOf(valued));
  }

  private static void add(CommandLine line, Set<String> names, Set<String> valued) {
    for (OptionSpec option : line.getCommandSpec().options()) {
      for (String name : option.names()) {
        names.add(name);
        if (option.arity().max() > 0) {
          valued.add(name);
        }
      }
    }
  }
}
