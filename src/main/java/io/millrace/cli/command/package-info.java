/**
 * Millrace's own commands ({@code millrace topics list}): tables and colours for people, plain text
 * or JSON for programs. In: arguments. Out: text and exit codes (0 done, 1 failed, 2 wrong command
 * line, 3 no broker reached). Main thread. They work against any cluster that speaks the protocol.
 */
@NullMarked
package io.millrace.cli.command;

import org.jspecify.annotations.NullMarked;
