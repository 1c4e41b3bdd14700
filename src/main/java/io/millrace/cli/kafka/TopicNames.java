package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.DidYouMean;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Finds the topics that somebody names. Confined to: the main thread. */
final class TopicNames {
  private final AdminSession session;
  private final boolean excludeInternal;
  private final boolean ifExists;

  /**
   * Over the topics of a cluster.
   *
   * @param excludeInternal whether internal ones are left out
   * @param ifExists whether a topic that is not there is no failure
   */
  TopicNames(AdminSession session, boolean excludeInternal, boolean ifExists) {
    this.session = session;
    this.excludeInternal = excludeInternal;
    this.ifExists = ifExists;
  }

  /** Names that fit an expression, sorted; all without one. */
  List<String> matching(@Nullable String expression) {
    Predicate<String> wanted =
        expression == null ? name -> true : PartitionPatterns.names(expression);
    return all().stream().filter(wanted).toList();
  }

  /**
   * The same, where there must be one.
   *
   * @throws ToolException when no name fits
   */
  List<String> existing(@Nullable String expression) {
    SortedSet<String> all = all();
    if (expression == null) {
      return List.copyOf(all);
    }
    List<String> found = all.stream().filter(PartitionPatterns.names(expression)).toList();
    if (found.isEmpty() && !expression.isEmpty() && !ifExists) {
      ToolException missing =
          ToolException.failed("Topic '" + expression + "' does not exist as expected");
      throw missing.hint(
          DidYouMean.among(expression, all)
              .map(near -> "Did you mean " + near + "?")
              .orElse("See which topics there are with: kafka-topics --list"));
    }
    return found;
  }

  /**
   * The topic of an id, when there is one.
   *
   * @throws ToolException when there is none
   */
  Optional<Uuid> existing(Uuid id) {
    boolean known =
        await(session.admin().listTopics(options()).listings()).stream()
            .map(TopicListing::topicId)
            .anyMatch(id::equals);
    if (!known && !ifExists) {
      throw ToolException.failed("TopicId '" + id + "' does not exist as expected")
          .hint("See the ids with: kafka-topics --describe");
    }
    return known ? Optional.of(id) : Optional.empty();
  }

  private SortedSet<String> all() {
    return new TreeSet<>(await(session.admin().listTopics(options()).names()));
  }

  private ListTopicsOptions options() {
    return new ListTopicsOptions().listInternal(!excludeInternal);
  }
}
