/**
 * The command line: reads arguments and configuration, sets up logging, starts and stops the
 * broker. In: arguments, environment, a file. Out: a running process, or one sentence and an exit
 * code other than 0. Main thread and the JVM's shutdown thread. Invariant: nobody sees a stack
 * trace for what an operator can mend.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
