package io.millrace.cli.tool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options that a tool had in earlier releases of Kafka. Each is understood, and told by a hint.
 *
 * @param renamed today's names by the old ones
 * @param goneFlags options without a value that have no meaning any more
 * @param goneValued options with a value that have no meaning any more
 *     <p>Immutable.
 */
public record OldNames(Map<String, String> renamed, Set<String> goneFlags, Set<String> goneValued) {

  /** Options that were only renamed. */
  public static OldNames renamed(Map<String, String> names) {
    return new OldNames(names, Set.of(), Set.of());
  }

  /** The arguments as they are written today. */
  public List<String> today(List<String> arguments, Shell shell) {
    Set<String> told = new HashSet<>();
    List<String> spelt = new ArrayList<>();
    Iterator<String> left = arguments.iterator();
    while (left.hasNext()) {
      String one = left.next();
      int equals = one.indexOf('=');
      String name = equals < 0 ? one : one.substring(0, equals);
      Optional<String> today = Optional.ofNullable(renamed.get(name));
      if (today.isPresent()) {
        tell(told, name + " is called " + today.get() + " today", shell);
        spelt.add(today.get() + one.substring(name.length()));
      } else if (goneFlags.contains(name) || goneValued.contains(name)) {
        tell(told, name + " has no meaning any more; it was left out", shell);
        if (goneValued.contains(name) && equals < 0 && left.hasNext()) {
          left.next();
        }
      } else {
        spelt.add(one);
      }
    }
    return spelt;
  }

  private static void tell(Set<String> told, String sentence, Shell shell) {
    if (told.add(sentence)) {
      shell.hint(sentence);
    }
  }

  /** Marks a tool that has such options. */
  public interface Owner {
    /** They. */
    OldNames oldNames();
  }
}
