/**
 * What all command line tools stand on: the streams and environment of a command, the way to a
 * cluster, tables and JSON, old spellings, and the sentence that a failure becomes. In: arguments
 * and environment. Out: text and an exit code. Main thread. Invariant: nobody sees a stack trace
 * for what a person can mend.
 */
@NullMarked
package io.millrace.cli.tool;

import org.jspecify.annotations.NullMarked;
