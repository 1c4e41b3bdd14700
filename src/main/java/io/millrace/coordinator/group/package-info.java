/**
 * Consumer groups of the classic protocol and committed offsets, as a pure state machine on one
 * partition of {@code __consumer_offsets}.
 *
 * <p>In: the protocol's own messages, timers, and records in Kafka's format. Out: records and
 * answers. Runs on the loop of its partition. Invariants: the generation of a group never goes
 * back; an assignment is given out only after its record; a fenced member's commit is never
 * accepted. Sources: KIP-62, 134, 211, 345, 394, 389, 496, 814; Kafka's OffsetCommitValue and
 * GroupMetadataValue schemas. Pure.
 */
@NullMarked
package io.millrace.coordinator.group;

import org.jspecify.annotations.NullMarked;
