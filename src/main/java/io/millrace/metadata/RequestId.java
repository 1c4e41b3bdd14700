package io.millrace.metadata;

import org.apache.kafka.common.Uuid;

/**
 * Names a request of a broker to the controller, so that a repeat is answered and not done again.
 *
 * @param brokerId id of the broker that asks
 * @param incarnation random id of its process
 * @param number counts the requests of that process, from 0
 */
public record RequestId(int brokerId, Uuid incarnation, long number) {}
