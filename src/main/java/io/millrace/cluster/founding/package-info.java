/**
 * Who founds a cluster and who joins it, when brokers start that know of each other only where they
 * may be.
 *
 * <p>In: answers to probes, probes of others, time. Out: probes, and one of "found", "join",
 * "stop", as {@link io.millrace.cluster.founding.Effect}s. Pure.
 */
@NullMarked
package io.millrace.cluster.founding;

import org.jspecify.annotations.NullMarked;
