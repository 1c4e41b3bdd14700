/**
 * The metadata log of a broker that is one of several: a Raft log (Apache Ratis).
 *
 * <p>In: entries from the control loop, brokers that ask to follow the log. Out: the same entries
 * on every broker, in one order, on its control loop, when a majority of the voters has them on its
 * disks. A broker that is alone keeps its local log and loads nothing of Ratis; its log becomes a
 * Raft log when the first other broker is admitted. An entry that was reported is never lost as
 * long as a majority of the voters' folders is whole.
 */
@NullMarked
package io.millrace.cluster.raft;

import org.jspecify.annotations.NullMarked;
