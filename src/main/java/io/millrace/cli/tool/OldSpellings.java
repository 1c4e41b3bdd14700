package io.millrace.cli.tool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Understands what was typed as it was meant: options of earlier releases of Kafka, dashes that a
 * web page made long, and what is left of a comment behind a backslash. Each is told by a hint.
 * Stateless.
 */
public final class OldSpellings {
  private static final String BOOTSTRAP = "--bootstrap-server";
  private static final String CONTROLLER = "--bootstrap-controller";

  private OldSpellings() {}

  /**
   * The arguments as they are written today.
   *
   * @param arguments as they were typed
   * @param own options that the tool has itself; they are left as they are
   * @param shell where hints go
   */
  public static List<String> today(List<String> arguments, OwnOptions own, Shell shell) {
    List<String> spelt = plainDashes(withoutComment(arguments, own, shell), shell);
    return brokersByTheirName(twoDashes(spelt, own.names()), own.names(), shell);
  }

  /** Kafka's tools take {@code -topic} for {@code --topic}, and so do we. */
  private static List<String> twoDashes(List<String> arguments, Set<String> own) {
    return arguments.stream()
        .map(
            one -> {
              String name = "-" + one.split("=", 2)[0];
              boolean single = one.matches("-[A-Za-z][A-Za-z-]+(=.*)?");
              return single && own.contains(name) ? "-" + one : one;
            })
        .toList();
  }

  /**
   * A backslash before a space ends no line: the shell makes the space an argument. The value of an
   * option may well be a space, or begin with a number sign.
   */
  private static List<String> withoutComment(List<String> arguments, OwnOptions own, Shell shell) {
    List<String> kept = new ArrayList<>();
    for (String one : arguments) {
      if (!kept.isEmpty() && own.valued().contains(kept.get(kept.size() - 1))) {
        kept.add(one);
      } else if (one.startsWith("#")) {
        shell.hint(
            "a comment cannot follow a backslash; what begins with '" + one + "' was left out");
        return kept;
      } else if (one.isBlank() && !one.isEmpty()) {
        shell.hint(
            "a backslash continues a command only as the last character of its line; the lines"
                + " after it were not read");
      } else {
        kept.add(one);
      }
    }
    return kept;
  }

  private static List<String> plainDashes(List<String> arguments, Shell shell) {
    List<String> spelt = new ArrayList<>();
    for (String one : arguments) {
      if (!one.isEmpty() && "\u2013\u2014\u2012\u2212".indexOf(one.charAt(0)) >= 0) {
        String plain = "--" + one.replaceFirst("^[\u2013\u2014\u2012\u2212-]+", "");
        shell.hint("'" + one + "' has a typographic dash; taken as " + plain);
        spelt.add(plain);
      } else {
        spelt.add(one);
      }
    }
    return spelt;
  }

  private static List<String> brokersByTheirName(
      List<String> arguments, Set<String> own, Shell shell) {
    boolean named =
        arguments.stream().anyMatch(one -> one.equals(BOOTSTRAP) || isValued(one, BOOTSTRAP));
    List<String> spelt = new ArrayList<>();
    Iterator<String> left = arguments.iterator();
    while (left.hasNext()) {
      String one = left.next();
      if (own.contains(one.split("=", 2)[0])) {
        spelt.add(one);
      } else if (one.equals("--broker-list") || isValued(one, "--broker-list")) {
        shell.hint("--broker-list is called --bootstrap-server today");
        spelt.add(BOOTSTRAP + one.substring("--broker-list".length()));
      } else if (one.equals(CONTROLLER) || isValued(one, CONTROLLER)) {
        shell.hint("every broker answers for the controller; taken as " + BOOTSTRAP);
        spelt.add(BOOTSTRAP + one.substring(CONTROLLER.length()));
      } else if (one.equals("--zookeeper") && left.hasNext()) {
        addBrokersOf(left.next(), named, spelt, shell);
      } else if (isValued(one, "--zookeeper")) {
        addBrokersOf(one.substring("--zookeeper=".length()), named, spelt, shell);
      } else {
        spelt.add(one);
      }
    }
    return spelt;
  }

  private static boolean isValued(String argument, String option) {
    return argument.startsWith(option + "=");
  }

  private static void addBrokersOf(
      String zookeeper, boolean named, List<String> spelt, Shell shell) {
    if (named) {
      shell.hint("there is no ZooKeeper; --zookeeper was left out");
      return;
    }
    String servers =
        shell.variable("MILLRACE_BOOTSTRAP").orElseGet(() -> Bootstrap.besideZooKeeper(zookeeper));
    shell.hint("there is no ZooKeeper; taken as " + BOOTSTRAP + " " + servers);
    spelt.add(BOOTSTRAP);
    spelt.add(servers);
  }
}
