/**
 * Documents that are followed as they change: computed once a second for all who watch the same,
 * and told as what differs. In: views. Out: deltas by item. Invariant: without watchers nothing is
 * computed.
 */
@NullMarked
package io.millrace.rest.live;

import org.jspecify.annotations.NullMarked;
