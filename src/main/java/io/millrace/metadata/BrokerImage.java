package io.millrace.metadata;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A broker that has registered. Immutable.
 *
 * @param id broker id
 * @param epoch epoch of this registration; grows with every registration in the cluster (KIP-500)
 * @param incarnation random id of the broker's process
 * @param endpoints its listeners, in the order of its configuration
 * @param rack value of {@code broker.rack}, or null
 * @param fenced whether it may lead no partition
 * @param start what its process brought with it
 * @param shuttingDown whether it is in controlled shutdown: it is given no leadership
 * @param served whether it was unfenced in this registration: once fenced again it registers anew
 */
public record BrokerImage(
    int id,
    long epoch,
    Uuid incarnation,
    List<Endpoint> endpoints,
    @Nullable String rack,
    boolean fenced,
    BrokerStart start,
    boolean shuttingDown,
    boolean served) {

  public BrokerImage {
    endpoints = List.copyOf(endpoints);
  }

  /** A broker that has served if it is not fenced. */
  public BrokerImage(
      int id,
      long epoch,
      Uuid incarnation,
      List<Endpoint> endpoints,
      @Nullable String rack,
      boolean fenced,
      BrokerStart start,
      boolean shuttingDown) {
    this(id, epoch, incarnation, endpoints, rack, fenced, start, shuttingDown, !fenced);
  }

  /** The endpoint of that listener, or null when the broker has no such listener. */
  public @Nullable Endpoint endpoint(String listener) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.listener().equals(listener)) {
        return endpoint;
      }
    }
    return null;
  }

  BrokerImage withFenced(boolean nowFenced) {
    return new BrokerImage(
        id,
        epoch,
        incarnation,
        endpoints,
        rack,
        nowFenced,
        start,
        shuttingDown && nowFenced,
        served || !nowFenced);
  }

  BrokerImage withShuttingDown() {
    return new BrokerImage(id, epoch, incarnation, endpoints, rack, fenced, start, true, served);
  }
}
