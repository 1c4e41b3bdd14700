package io.millrace.cli.kafka;

import io.millrace.cli.segment.ProducerFile;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;

/** Prints producer snapshots and aborted transactions as Kafka's tool does it. Stateless. */
final class ProducerDump {
  private ProducerDump() {}

  static void producers(Path file, Shell shell) {
    for (ProducerFile.Producer one : ProducerFile.producers(file)) {
      String line =
          "producerId: "
              + one.id()
              + " producerEpoch: "
              + one.epoch()
              + " coordinatorEpoch: "
              + one.coordinatorEpoch()
              + " currentTxnFirstOffset: "
              + one.txnFirstOffset()
              + " lastTimestamp: "
              + one.timestampMs();
      if (one.lastOffset() >= 0) {
        line +=
            " firstSequence: "
                + one.firstSequence()
                + " lastSequence: "
                + one.lastSequence()
                + " lastOffset: "
                + one.lastOffset()
                + " offsetDelta: "
                + one.offsetDelta()
                + " timestamp: "
                + one.timestampMs();
      }
      shell.out().println(line);
    }
  }

  static void aborted(Path file, Shell shell) {
    for (ProducerFile.Aborted one : ProducerFile.aborted(file)) {
      shell
          .out()
          .println(
              "version: "
                  + one.version()
                  + " producerId: "
                  + one.producerId()
                  + " firstOffset: "
                  + one.firstOffset()
                  + " lastOffset: "
                  + one.lastOffset()
                  + " lastStableOffset: "
                  + one.lastStable());
    }
  }
}
