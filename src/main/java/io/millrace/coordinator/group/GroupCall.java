package io.millrace.coordinator.group;

/**
 * What the state machine has to know of the one who asks.
 *
 * @param clientId client id of the request; part of the member ids that are made
 * @param host address in the form in which DescribeGroups shows it
 * @param version version of the API that the caller speaks
 * @param node id of the broker that the caller is connected to; {@link #HERE} for the coordinator's
 */
public record GroupCall(String clientId, String host, short version, int node) {
  /** The broker of the coordinator. */
  public static final int HERE = -1;

  /** A caller who is connected to the coordinator's broker. */
  public GroupCall(String clientId, String host, short version) {
    this(clientId, host, version, HERE);
  }
}
