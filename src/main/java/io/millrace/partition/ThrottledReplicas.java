package io.millrace.partition;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A topic's list of the replicas that catch up slowly (KIP-73), read once for all its partitions: a
 * list may name thousands.
 *
 * <p>Immutable.
 */
public final class ThrottledReplicas {
  private static final ThrottledReplicas NONE = new ThrottledReplicas(Set.of());

  private final Set<String> named;
  private final boolean all;

  private ThrottledReplicas(Set<String> named) {
    this.named = named;
    this.all = named.contains("*");
  }

  /**
   * Reads a list.
   *
   * @param list pairs of partition and broker as in {@code 0:1,1:2}, or {@code *}; null for none
   */
  static ThrottledReplicas of(@Nullable String list) {
    return list == null
        ? NONE
        : new ThrottledReplicas(
            Arrays.stream(list.split(",")).map(String::trim).collect(Collectors.toSet()));
  }

  /** Whether a broker is named for a partition. */
  boolean names(int partition, int broker) {
    return all || (!named.isEmpty() && named.contains(partition + ":" + broker));
  }
}
