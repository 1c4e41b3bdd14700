/**
 * Several brokers' own code on one simulated scheduler: network, disks and metadata log are
 * simulated, crash, pause, cut and delay come in any order, and checkers watch what clients,
 * replicas and controllers see. The seed of a failure is printed and brings it back.
 */
@NullMarked
package io.millrace.sim.cluster;

import org.jspecify.annotations.NullMarked;
