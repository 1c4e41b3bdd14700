package io.millrace.rest;

import io.millrace.browser.Place;
import io.millrace.browser.frame.ValueMode;
import io.millrace.metadata.TopicImage;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.Sources;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Which records somebody wants. Immutable.
 *
 * @param topic the topic
 * @param partitions numbers of the partitions, in order
 * @param from where to begin in each
 * @param limit most records
 * @param bytes most bytes of batches that are read
 * @param waitMs how long to wait for a first record
 * @param value how values are shown
 */
record RecordQuery(
    TopicImage topic,
    List<Integer> partitions,
    Place from,
    int limit,
    int bytes,
    long waitMs,
    ValueMode value) {
  static final Set<String> PARAMETERS =
      Set.of("from", "partition", "limit", "bytes", "wait", "value");

  private static final int LIMIT = 100;
  private static final int LIMIT_MAX = 10_000;
  private static final int BYTES = 1 << 20;
  private static final int BYTES_MAX = 16 << 20;
  private static final long WAIT_MS_MAX = 60_000;

  /** Reads the parameters. */
  static RecordQuery of(Sources sources, Look look, String name) {
    Access access = new Access(sources.authorizer());
    access.topic(look.caller(), AclOperation.READ, name);
    TopicImage topic = access.describedTopic(look.caller(), sources.cluster().image(), name);
    String from = look.query("from");
    return new RecordQuery(
        topic,
        partitions(topic, look.query("partition")),
        from == null ? new Place.Earliest() : place(from),
        (int) look.number("limit", LIMIT, 1, LIMIT_MAX),
        (int) look.number("bytes", BYTES, 1, BYTES_MAX),
        waitMs(look.query("wait")),
        value(look.query("value")));
  }

  private static Place place(String from) {
    Place place = Place.parse(from);
    if (place instanceof Place.Committed) {
      throw wrong("Only a member of a group can begin at what is committed.", Place.WORDS);
    }
    return place;
  }

  private static ProblemException wrong(String sentence, String hint) {
    return new ProblemException(Problem.badRequest(sentence).hint(hint));
  }

  private static List<Integer> partitions(TopicImage topic, @Nullable String text) {
    int count = topic.partitions().size();
    if (text == null) {
      return IntStream.range(0, count).boxed().toList();
    }
    Set<Integer> numbers = new TreeSet<>();
    for (String part : text.split(",")) {
      if (!part.strip().matches("\\d{1,9}")) {
        throw wrong(
            "The parameter partition must be numbers with commas between them, not " + text + ".",
            "Write partition=0,1.");
      }
      int number = Integer.parseInt(part.strip());
      if (number >= count) {
        throw new ProblemException(
            Problem.of(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "Topic " + topic.name() + " has no partition " + number + ".")
                .hint("Its partitions are 0 to " + (count - 1) + "."));
      }
      numbers.add(number);
    }
    return List.copyOf(numbers);
  }

  private static long waitMs(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    long ms;
    try {
      ms = Place.duration(text);
    } catch (NumberFormatException | ArithmeticException e) {
      ms = Long.MAX_VALUE;
    }
    if (ms > WAIT_MS_MAX) {
      throw wrong("The parameter wait must be at most 60s, not " + text + ".", "Write wait=20s.");
    }
    return ms;
  }

  private static ValueMode value(@Nullable String word) {
    ValueMode mode = word == null ? ValueMode.AUTO : ValueMode.of(word);
    if (mode == null) {
      throw wrong(
          "The parameter value must be auto, json, text, b64 or none, not " + word + ".",
          "auto shows JSON as JSON, text as text, and the rest as base64.");
    }
    return mode;
  }
}
