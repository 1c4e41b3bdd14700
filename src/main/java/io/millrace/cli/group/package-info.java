/**
 * Consumer groups as the tools see them: asks a cluster for groups, their members and offsets,
 * reckons lag and the offsets that a reset leads to. In: names and specifications. Out: values that
 * both faces print. Main thread. Invariant: what is reckoned is apart from what is asked.
 */
@NullMarked
package io.millrace.cli.group;

import org.jspecify.annotations.NullMarked;
