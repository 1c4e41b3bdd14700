package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which transactions were open in a log when it was closed. Stateless. */
public final class OpenTransactions {
  private OpenTransactions() {}

  /**
   * The ids of their producers, from the snapshot that a clean close leaves at the log's end. One
   * that cannot be read tells nothing: loading makes it anew from the batches.
   *
   * @param dir the folder of the log
   */
  public static List<Long> producers(LogFiles files, Path dir) throws IOException {
    Optional<Path> newest =
        files.list(dir).stream()
            .filter(file -> FileNames.is(file, FileNames.SNAPSHOT) && FileNames.offsetOf(file) >= 0)
            .max(Comparator.comparingLong(FileNames::offsetOf));
    return newest.isEmpty() ? List.of() : open(files.readAll(newest.get()));
  }

  private static List<Long> open(byte[] snapshot) {
    try {
      return ProducerSnapshot.decode(snapshot).stream()
          .filter(producer -> producer.txnFirstOffset != ProducerEntry.NO_TXN)
          .map(producer -> producer.producerId)
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
