package io.millrace.browser;

import io.millrace.config.Spelling;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import java.util.Comparator;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds topics by the names that people type. Stateless. */
public final class Topics {
  private static final int COMPARED_MAX = 10_000;

  private Topics() {}

  /** The topic of that name. @throws RefusedException when there is none, with the likely one */
  public static TopicImage require(ClusterImage image, String name) {
    TopicImage topic = image.topic(name);
    if (topic == null) {
      String likely = likely(image, name);
      throw new RefusedException(
          Errors.UNKNOWN_TOPIC_OR_PARTITION,
          "Topic " + shown(name) + " does not exist.",
          likely == null ? "Create it first." : "Did you mean " + likely + "?");
    }
    return topic;
  }

  private static String shown(String name) {
    return name.length() <= 249 ? name : name.substring(0, 249) + "...";
  }

  private static @Nullable String likely(ClusterImage image, String name) {
    int farthest = Math.max(1, Math.min(4, name.length() / 4));
    return image.topics().keySet().stream()
        .limit(COMPARED_MAX)
        .filter(known -> Math.abs(known.length() - name.length()) <= farthest)
        .filter(known -> Spelling.distance(known, name) <= farthest)
        .min(Comparator.comparingInt(known -> Spelling.distance(known, name)))
        .orElse(null);
  }
}
