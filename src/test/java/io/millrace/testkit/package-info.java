/**
 * What tests with real processes stand on: a broker as a process of its own, a proxy that cuts
 * connections. In: a folder and settings; out: an address. Used from test threads. Invariant: every
 * process and socket that a test opens ends with it.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
