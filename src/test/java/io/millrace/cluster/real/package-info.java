/** Clusters of real processes on this machine. */
@NullMarked
package io.millrace.cluster.real;

import org.jspecify.annotations.NullMarked;
