/**
 * Three brokers as real processes: start, kill, freeze and cut them off, load that remembers what
 * was acknowledged, and checks of what is there afterwards.
 */
@NullMarked
package io.millrace.testkit.cluster;

import org.jspecify.annotations.NullMarked;
