package io.millrace.storage.log.clean;

import io.millrace.storage.log.AbortedTxn;
import io.millrace.storage.log.LogFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A segment to compact, held so that its file stays while the compaction reads it.
 *
 * @param baseOffset its first offset, also its file's name
 * @param endOffset offset behind its last record
 * @param sizeBytes bytes of batches in its file
 * @param lastModifiedMs largest timestamp in it, in ms; the age of tombstones in old formats
 * @param file name of its file
 * @param log the open file
 * @param abortedTxns the aborted transactions of its {@code .txnindex}
 */
public record SourceSegment(
    long baseOffset,
    long endOffset,
    long sizeBytes,
    long lastModifiedMs,
    Path file,
    LogFile log,
    List<AbortedTxn> abortedTxns) {}
