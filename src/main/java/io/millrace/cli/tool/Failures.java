package io.millrace.cli.tool;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/** Turns what went wrong into a sentence and a hint. Stateless. */
public final class Failures {
  /** How a cluster begins to say that too few of its brokers are there to decide anything. */
  private static final String NO_QUORUM = "no quorum";

  /** How a client says that it did not find out who leads or coordinates. */
  private static final Pattern LOOKUP =
      Pattern.compile("\\(api=(?:FIND_COORDINATOR|METADATA)\\).* tries=(\\d{1,9})");

  /** A client that has no answer waits before it tries again, a tenth of a second at first. */
  private static final int UNANSWERED_TRIES_MAX = 1_000;

  private Failures() {}

  /** What really happened, without the wrappings of futures. */
  public static Throwable cause(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof ExecutionException || inner instanceof CompletionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  /**
   * The failure as one that can be shown.
   *
   * @param failure what was thrown
   * @param bootstrap where the command looked for the cluster, for the hint
   */
  public static ToolException explain(Throwable failure, String bootstrap) {
    Throwable cause = cause(failure);
    if (cause instanceof ToolException known) {
      return known;
    }
    if (cause instanceof TimeoutException && sentence(cause).contains(NO_QUORUM)) {
      return ToolException.failed("Nothing can be changed now: " + sentence(cause) + ".")
          .hint("Start the other brokers; see who is away with: millrace cluster status")
          .because(cause);
    }
    if (cause instanceof TimeoutException && isAnsweredAgainAndAgain(cause)) {
      return ToolException.failed(
              sentence(cause).contains("FIND_COORDINATOR")
                  ? "The coordinator is not available: the partition of the internal topic that it"
                      + " needs has no leader."
                  : "A partition that is needed has no leader.")
          .hint("See which ones have none with: kafka-topics --describe --unavailable-partitions")
          .because(cause);
    }
    if (cause instanceof TimeoutException) {
      return ToolException.notReached(
              "No answer from " + bootstrap + " in time: " + sentence(cause) + ".")
          .hint("Is the broker there? Another one is named with --bootstrap-server HOST:PORT.")
          .because(cause);
    }
    ToolException plain = ToolException.failed(sentence(cause)).because(cause);
    String hint = hint(cause);
    return hint.isEmpty() ? plain : plain.hint(hint);
  }

  /**
   * The client asks without a pause for leaders and coordinators that brokers say there are not.
   */
  private static boolean isAnsweredAgainAndAgain(Throwable cause) {
    Matcher lookup = LOOKUP.matcher(sentence(cause));
    return lookup.find() && Integer.parseInt(lookup.group(1)) > UNANSWERED_TRIES_MAX;
  }

  /** The message of a failure, or its name when it has none. */
  public static String sentence(Throwable cause) {
    String message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    return cause instanceof KafkaException || cause instanceof IllegalArgumentException
        ? message
        : cause.getClass().getSimpleName() + ": " + message;
  }

  private static String hint(Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return "See which topics there are with: millrace topics list";
    }
    if (cause instanceof GroupIdNotFoundException) {
      return "See which groups there are with: millrace groups list";
    }
    if (cause instanceof GroupNotEmptyException) {
      return "Stop the members of the group first.";
    }
    if (sentence(cause).contains("join group")
        && sentence(cause).endsWith(Errors.POLICY_VIOLATION.message())) {
      return "The broker has no room for another group or member: see group.memory.bytes, and what"
          + " its log says.";
    }
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return "Give the settings of a user who may do this with --command-config FILE.";
    }
    if (cause instanceof UnsupportedVersionException) {
      return "The broker does not offer this request; see: millrace brokers api-versions";
    }
    if (cause instanceof ConfigException) {
      return "The settings come from --command-config and from the options of the command.";
    }
    return "";
  }
}
