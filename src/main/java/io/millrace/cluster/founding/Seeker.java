package io.millrace.cluster.founding;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What one broker brings into the search for others. Immutable.
 *
 * @param brokerId its id
 * @param incarnation random id of its process
 * @param name name under which brokers meet
 * @param clusterId id of the cluster that its folder belongs to, so that it founds none; null when
 *     to none
 * @param self where its peer port is
 * @param startedMs wall-clock time of its start, in ms
 * @param places where others may be, itself among them if it may found
 * @param expectedBrokers brokers that must know of each other before one founds
 * @param forced whether it founds though hosts are silent, once nobody who answers has founded
 */
public record Seeker(
    int brokerId,
    Uuid incarnation,
    String name,
    @Nullable String clusterId,
    Place self,
    long startedMs,
    List<Place> places,
    int expectedBrokers,
    boolean forced) {
  public Seeker {
    places = List.copyOf(places);
  }
}
