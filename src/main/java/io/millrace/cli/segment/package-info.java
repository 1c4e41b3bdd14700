/**
 * The files of a partition, as the tools read them when no broker does: batches, indexes, producer
 * snapshots, and what records of internal topics mean. In: files. Out: values that both faces
 * print. Main thread. Invariant: files are only read, and a damaged one ends in a sentence.
 */
@NullMarked
package io.millrace.cli.segment;

import org.jspecify.annotations.NullMarked;
