package io.millrace.cluster;

import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads each change through all listeners, one after the other, and publishes the image when the
 * last is done. Changes that come meanwhile are led through together.
 *
 * <p>Confined to: the control loop, save {@link #image}.
 */
final class ListenerChain {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerChain.class);

  private final EventLoop control;
  private final Consumer<ClusterImage> onPublished;

  // Any thread.
  private volatile ClusterImage published = ClusterImage.EMPTY;

  // Owner: the control loop.
  private final List<MetadataListener> listeners = new ArrayList<>();
  private final ArrayDeque<Joining> joining = new ArrayDeque<>();
  private ClusterImage newest = ClusterImage.EMPTY;
  private ClusterChange.Touched touched = new ClusterChange.Touched();
  private boolean busy;

  private record Joining(MetadataListener listener, Promise<Void> joined) {}

  /**
   * @param onPublished called on the control loop with each image that all listeners have taken in
   */
  ListenerChain(EventLoop control, Consumer<ClusterImage> onPublished) {
    this.control = control;
    this.onPublished = onPublished;
  }

  /** The newest image that all listeners have taken in. */
  ClusterImage image() {
    return published;
  }

  /** Where to note what facts touch that lead to the next image. */
  ClusterChange.Touched touched() {
    return touched;
  }

  /** There is a newer image. Led through at the end of the batch. */
  void offer(ClusterImage image) {
    control.assertOwner();
    newest = image;
    start();
  }

  /** Adds a listener; completes when it has taken in the whole image. */
  Future<Void> add(MetadataListener listener) {
    control.assertOwner();
    Promise<Void> joined = Promise.promise();
    joining.add(new Joining(listener, joined));
    start();
    return joined.future();
  }

  private void start() {
    if (!busy) {
      busy = true;
      control.atBatchEnd(this::next);
    }
  }

  private void next() {
    Joining joiner = joining.poll();
    if (joiner != null) {
      call(
          joiner.listener(),
          ClusterChange.all(published),
          () -> {
            listeners.add(joiner.listener());
            joiner.joined().complete();
            next();
          });
    } else if (newest != published) {
      ClusterChange change = touched.between(published, newest);
      touched = new ClusterChange.Touched();
      lead(change, 0);
    } else {
      busy = false;
    }
  }

  private void lead(ClusterChange change, int listener) {
    if (listener == listeners.size()) {
      published = change.now();
      onPublished.accept(published);
      next();
    } else {
      call(listeners.get(listener), change, () -> lead(change, listener + 1));
    }
  }

  private void call(MetadataListener listener, ClusterChange change, Runnable then) {
    Once done = new Once(then);
    try {
      listener.onImage(change, done);
    } catch (RuntimeException fault) {
      LOG.error("a listener of the cluster's metadata failed", fault);
      done.runUnlessDone();
    }
  }

  /** Refuses to be run twice: a second run would lead later changes past the other listeners. */
  private final class Once implements Runnable {
    private final Runnable then;
    private boolean ran;

    Once(Runnable then) {
      this.then = then;
    }

    @Override
    public void run() {
      control.assertOwner();
      if (ran) {
        throw new IllegalStateException("done was run twice");
      }
      ran = true;
      then.run();
    }

    void runUnlessDone() {
      if (!ran) {
        run();
      }
    }
  }
}
