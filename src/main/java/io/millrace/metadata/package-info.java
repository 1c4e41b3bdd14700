/**
 * What the cluster knows: brokers, topics, partitions, dynamic configs.
 *
 * <p>In: facts that were decided, in order, as entries of the metadata log. Out: an immutable
 * {@link io.millrace.metadata.ClusterImage} for every reader, and changes for {@link
 * io.millrace.metadata.MetadataListener}s, in order, on the control loop. Applying a fact checks
 * its preconditions and copies; the same entries give the same image on every broker and after
 * every start. Pure.
 */
@NullMarked
package io.millrace.metadata;

import org.jspecify.annotations.NullMarked;
