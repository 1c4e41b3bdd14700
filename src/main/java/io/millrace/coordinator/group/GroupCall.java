package io.millrace.coordinator.group;

/**
 * What the state machine has to know of the one who asks.
 *
 * @param clientId client id of the request; part of the member ids that are made
 * @param host address in the form in which DescribeGroups shows it
 * @param version version of the API that the caller speaks
 */
public record GroupCall(String clientId, String host, short version) {}
