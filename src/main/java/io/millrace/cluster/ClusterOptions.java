package io.millrace.cluster;

import io.millrace.cluster.controller.BrokerAdmission;
import io.millrace.config.BrokerConfig;
import io.millrace.metadata.Endpoint;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a broker brings into its cluster.
 *
 * @param brokerId id of the broker
 * @param incarnation random id of this process
 * @param clusterId id that the cluster must have, from the data folder; null when the folder has
 *     none, and one is invented if the cluster is not founded yet
 * @param mayFound whether a cluster may be founded when the metadata knows none: false when the
 *     data folder holds partitions, which an empty metadata would take for strays
 * @param endpoints listeners that clients are told of
 * @param rack value of {@code broker.rack}, or null
 * @param trusted whether the data folder holds all that this broker ever showed to readers: false
 *     after a power cut. The leader epochs of what it leads then grow, so that no offset stands for
 *     other data in the same epoch
 * @param previousEpoch epoch of the registration that the data folder holds; -1 for none
 * @param folder id of the first log folder, which tells a broker from another one with its id
 * @param version version of the software
 * @param config the configuration that the broker started with
 */
public record ClusterOptions(
    int brokerId,
    Uuid incarnation,
    @Nullable String clusterId,
    boolean mayFound,
    List<Endpoint> endpoints,
    @Nullable String rack,
    boolean trusted,
    long previousEpoch,
    Uuid folder,
    String version,
    BrokerConfig config) {
  public ClusterOptions {
    endpoints = List.copyOf(endpoints);
  }

  /** A broker whose folder was not registered before. */
  public ClusterOptions(
      int brokerId,
      Uuid incarnation,
      @Nullable String clusterId,
      boolean mayFound,
      List<Endpoint> endpoints,
      @Nullable String rack,
      boolean trusted,
      BrokerConfig config) {
    this(
        brokerId,
        incarnation,
        clusterId,
        mayFound,
        endpoints,
        rack,
        trusted,
        -1,
        Uuid.ZERO_UUID,
        "",
        config);
  }

  /** This process as it asks to be registered. */
  BrokerAdmission.Applicant applicant() {
    return new BrokerAdmission.Applicant(
        brokerId, incarnation, endpoints, rack, trusted, previousEpoch, folder, version);
  }
}
