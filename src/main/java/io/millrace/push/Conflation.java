package io.millrace.push;

import io.millrace.browser.frame.NewestByKey;
import io.millrace.eventloop.Work;
import io.millrace.partition.CommittedLog;
import io.vertx.core.Future;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * What gathered in a partition while a reader had no credit, reduced to the newest record of each
 * key. Only offsets are held; the records are read again when they are sent. Immutable.
 *
 * @param end offset at which the reduced part ends
 * @param newest offsets in it that are sent
 */
record Conflation(long end, Set<Long> newest) {
  private static final int READ_BYTES = 256 << 10;

  /** Looks through a partition from an offset up to the end, or until there are many keys. */
  static Future<Conflation> of(PushLoop home, CommittedLog partition, long from) {
    return next(home, partition, new NewestByKey(from));
  }

  private static Future<Conflation> next(PushLoop home, CommittedLog partition, NewestByKey found) {
    return partition
        .read(home.loop(), found.at(), READ_BYTES)
        .compose(
            read ->
                read.error() != Errors.NONE || read.bytes().remaining() == 0
                    ? Future.succeededFuture(found)
                    : home.loop()
                        .offload(
                            Work.DECOMPRESS,
                            () ->
                                found.add(
                                    read.bytes(),
                                    read.aborted(),
                                    partition.config().maxMessageBytes())))
        .compose(
            done ->
                done.isMoved() && !done.isFull()
                    ? next(home, partition, done.goOn())
                    : Future.succeededFuture(new Conflation(done.at(), done.offsets())));
  }
}
