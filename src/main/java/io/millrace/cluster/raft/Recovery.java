package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a log of this broker alone of what it has applied of a log of several, whose voters are
 * lost. Refused while a leader is heard of. What only the lost voters had is lost; brokers of the
 * old group that come back read the new log from its beginning.
 *
 * <p>Confined to: the control loop.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** How long a leader is listened for. */
  private static final long LISTEN_MS = 3_000;

  private final RaftGround ground;
  private final EventLoop control;
  private final RaftPart old;
  private final Reader reader = new Reader();

  Recovery(RaftGround ground, RaftOptions options) {
    this.ground = ground;
    this.control = ground.control();
    this.old = new RaftPart(ground, options, reader);
  }

  /** Completes when the local log is the truth. */
  Future<Void> run() {
    return old.reopen()
        .compose(applied -> listen())
        .transform(
            listened ->
                old.close()
                    .compose(
                        closed ->
                            listened.succeeded()
                                ? goOnAlone()
                                : Future.failedFuture(listened.cause())));
  }

  private Future<Void> listen() {
    Promise<Void> heard = Promise.promise();
    control.schedule(
        LISTEN_MS,
        () -> {
          if (old.hearsLeader()) {
            heard.fail(
                "most voters of the metadata log are there: start without --recover-metadata");
          } else {
            heard.complete();
          }
        });
    return heard.future();
  }

  private Future<Void> goOnAlone() {
    ClusterImage image = reader.image();
    LOG.warn(
        "the cluster's metadata goes on from entry {} of term {} as this broker has it, recovery {};"
            + " what only the lost voters had is lost. Should their disks turn up, start them while"
            + " this broker runs and can be reached: they join it. Several of them that cannot reach"
            + " it go on with the old log, as a second cluster of this id, until they can",
        image.index(),
        image.term(),
        image.recoveries() + 1);
    return control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              ground.folders().recover(image.recovered());
              return true;
            })
        .mapEmpty();
  }

  /** Keeps the image. */
  private static final class Reader implements MetadataLog.Applier {
    private HiddenImage hidden = new HiddenImage(ClusterImage.EMPTY);

    @Override
    public void restored(ClusterImage restored) {
      hidden = new HiddenImage(restored);
    }

    @Override
    public void committed(long logTerm, MetadataEntry entry) {
      hidden.committed(logTerm, entry);
    }

    @Override
    public void leading(long term) {
      LOG.debug("this broker leads in term {}", term);
    }

    @Override
    public void following() {
      LOG.debug("this broker follows");
    }

    @Override
    public void failed(Throwable cause) {
      LOG.warn("the old metadata log failed while it was read", cause);
    }

    @Override
    public ClusterImage image() {
      return hidden.image();
    }
  }
}
