/**
 * The broker's own code on the simulated scheduler and disk: seeded schedules of requests, timers,
 * crashes, retention and compaction in any order, watched by checkers. The seed of a failure is
 * printed and brings it back.
 */
@NullMarked
package io.millrace.sim;

import org.jspecify.annotations.NullMarked;
