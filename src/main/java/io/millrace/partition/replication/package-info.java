/**
 * The follower's side of replication: it pulls from the leaders of what this broker follows, one
 * loop of fetches per leader, and truncates where the logs part (KIP-101, KIP-595).
 */
@NullMarked
package io.millrace.partition.replication;

import org.jspecify.annotations.NullMarked;
