package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.DidYouMean;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/** Finds the topics that somebody names, by name or with {@code *} and {@code ?}. Stateless. */
final class TopicSelection {
  private TopicSelection() {}

  /** Whether a name stands for several. */
  static boolean isPattern(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  /** All topics, sorted. */
  static SortedSet<String> all(AdminSession session, boolean internal) {
    ListTopicsOptions options = new ListTopicsOptions().listInternal(internal);
    return new TreeSet<>(await(session.admin().listTopics(options).names()));
  }

  /**
   * The topics that are named, sorted; all without a name.
   *
   * @param internal whether patterns, and no name at all, also stand for internal topics
   * @throws ToolException when one of the names stands for no topic
   */
  static SortedSet<String> named(AdminSession session, List<String> names, boolean internal) {
    if (names.isEmpty()) {
      return all(session, internal);
    }
    SortedSet<String> visible = all(session, true);
    SortedSet<String> usual = internal ? visible : all(session, false);
    SortedSet<String> found = new TreeSet<>();
    for (String name : names) {
      if (isPattern(name)) {
        found.addAll(matching(name, usual));
      } else {
        found.add(existing(name, visible));
      }
    }
    return found;
  }

  private static String existing(String name, SortedSet<String> visible) {
    if (visible.contains(name)) {
      return name;
    }
    throw ToolException.failed("There is no topic '" + name + "'.")
        .hint(
            DidYouMean.among(name, visible)
                .map(near -> "Did you mean " + near + "?")
                .orElse("See which topics there are with: millrace topics list"));
  }

  private static List<String> matching(String pattern, SortedSet<String> names) {
    String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    List<String> found =
        names.stream().filter(Pattern.compile(expression).asMatchPredicate()).toList();
    if (found.isEmpty()) {
      throw ToolException.failed("No topic has a name like '" + pattern + "'.")
          .hint("See which topics there are with: millrace topics list");
    }
    return found;
  }
}
