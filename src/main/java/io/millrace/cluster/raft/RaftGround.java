package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * What the log stands on. Immutable.
 *
 * @param control loop on which entries are applied
 * @param folders where the log is kept
 * @param local the log of a broker that is alone, not open yet
 * @param ids source of random ids
 * @param joins whether this broker joins others: without a log of several instead of being alone,
 *     with one as a new peer instead of going on with a log that was given up
 * @param recovers whether this broker goes on alone with what it has of a log of several, whose
 *     voters are lost
 * @param door how it asks to be let in
 * @param watcher hears whether the log can go on
 */
public record RaftGround(
    EventLoop control,
    MetadataFolders folders,
    MetadataLog local,
    Supplier<Uuid> ids,
    boolean joins,
    boolean recovers,
    Door door,
    Watcher watcher) {

  /** The way to the broker that leads the log. Called on the control loop. */
  public interface Door {
    /**
     * Asks to be let in, of whoever leads the log; also used again by a broker that the log forgot.
     * A log that was given up by a recovery which this broker knows of is passed over.
     *
     * @param wanted false when there is nothing more to ask for
     * @return completes on the control loop; fails when nobody who leads was found
     */
    Future<Invitation> ask(Peer self, BooleanSupplier wanted);
  }

  /** Hears whether the log can go on. Called on the control loop. */
  public interface Watcher {
    /** Hears nothing. */
    Watcher NONE = missing -> {};

    /**
     * The voters have formed no majority for 30 seconds.
     *
     * @param missing voters that do not answer; empty when they form one again
     */
    void onMissing(List<Peer> missing);
  }
}
