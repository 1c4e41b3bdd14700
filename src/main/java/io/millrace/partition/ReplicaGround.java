package io.millrace.partition;

import java.util.function.BooleanSupplier;

/**
 * What every replica on this broker stands on. Immutable.
 *
 * @param brokerId id of this broker
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param proposals brings wanted ISRs to the controller
 * @param brokers who is alive
 * @param holdsLease whether nobody else can lead what this broker leads; any thread
 */
record ReplicaGround(
    int brokerId,
    long lagTimeMaxMs,
    IsrProposals proposals,
    BrokerEpochs brokers,
    BooleanSupplier holdsLease) {}
