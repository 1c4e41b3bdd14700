/**
 * The face of {@code compat.client} over the Java client: written against its oldest tested
 * version, run with each. In: calls; out: JDK types. Threads: as the Java client. Invariant:
 * compiles and links with every tested version.
 */
@NullMarked
package io.millrace.compat.driver;

import org.jspecify.annotations.NullMarked;
