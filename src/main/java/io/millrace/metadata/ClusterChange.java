package io.millrace.metadata;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * The way from one image to a later one, with what was touched on it, so that a listener looks at
 * what changed and not at everything. What is touched may have ended up as it was. Immutable.
 *
 * @param before the earlier image
 * @param now the later image
 * @param topics ids of topics that were created, changed or deleted in between
 * @param configs resources whose dynamic configs changed; those of a topic that was created or
 *     deleted are not named
 * @param brokersChanged whether a broker registered or was fenced or unfenced
 */
public record ClusterChange(
    ClusterImage before,
    ClusterImage now,
    Set<Uuid> topics,
    Set<ConfigScope> configs,
    boolean brokersChanged) {

  /** The change from nothing to {@code now}: everything in it is touched. */
  public static ClusterChange all(ClusterImage now) {
    Set<Uuid> topics = new LinkedHashSet<>();
    now.topics().values().forEach(topic -> topics.add(topic.id()));
    return new ClusterChange(ClusterImage.EMPTY, now, topics, now.configScopes(), true);
  }

  /** Collects what facts touch. Confined to: its maker's thread. */
  public static final class Touched {
    private final Set<Uuid> topics = new LinkedHashSet<>();
    private final Set<ConfigScope> configs = new HashSet<>();
    private boolean brokers;

    void topic(Uuid id) {
      topics.add(id);
    }

    void config(ConfigScope scope) {
      configs.add(scope);
    }

    void brokers() {
      brokers = true;
    }

    /** One image took the place of another without facts that lead there. */
    public void everything(ClusterImage before, ClusterImage now) {
      for (ClusterImage image : List.of(before, now)) {
        image.topics().values().forEach(topic -> topics.add(topic.id()));
        configs.addAll(image.configScopes());
      }
      brokers = true;
    }

    /** The change between two images, given that all facts between them were collected here. */
    public ClusterChange between(ClusterImage before, ClusterImage now) {
      return new ClusterChange(before, now, kept(topics), kept(configs), brokers);
    }

    /** In an order that is the same in every run. */
    private static <T> Set<T> kept(Set<T> collected) {
      return Collections.unmodifiableSet(new LinkedHashSet<>(collected));
    }
  }
}
