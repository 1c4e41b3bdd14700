package io.millrace.partition.remote;

import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataListener;
import io.millrace.model.TopicIdPartition;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The feeds of this broker, one for each partition that is read here and led elsewhere. A feed that
 * nobody asked for lately is forgotten with its window.
 *
 * <p>Thread-safe; changes of the image come on the control loop.
 */
public final class RemoteFeeds implements MetadataListener {
  private static final long IDLE_MS = 30_000;
  private static final long TICK_MS = 10_000;
  private static final long ALL_WINDOWS_BYTES = 64 << 20;
  private static final int WINDOW_BYTES_MAX = 4 << 20;
  private static final int WINDOW_BYTES_MIN = 256 << 10;

  private final EventLoop loop;
  private final Supplier<ClusterImage> image;
  private final LeaderCalls calls;
  private final Map<TopicIdPartition, RemoteFeed> feeds = new ConcurrentHashMap<>();

  /** The newest image that was told, which readers may not see yet. */
  private volatile ClusterImage told = ClusterImage.EMPTY;

  /**
   * @param loop the loop that owns the feeds
   * @param image the newest image
   */
  public RemoteFeeds(EventLoop loop, Supplier<ClusterImage> image, PeerLink link) {
    this.loop = loop;
    this.image = image;
    this.calls = new LeaderCalls(link);
    loop.scheduleTurn(TICK_MS, this::tick);
  }

  LeaderCalls calls() {
    return calls;
  }

  /** The newest image: the one that was told, or one that was published since. */
  ClusterImage image() {
    ClusterImage published = image.get();
    ClusterImage heard = told;
    return heard.index() > published.index() ? heard : published;
  }

  /** The feed of a partition. Any thread. */
  RemoteFeed feed(TopicIdPartition id) {
    return feeds.computeIfAbsent(
        id, absent -> new RemoteFeed(loop, id, calls, this::image, this::windowBytesMax));
  }

  /** The end of a partition that its leader told readers here last; -1 when it told none lately. */
  long toldEnd(TopicIdPartition id) {
    RemoteFeed feed = feeds.get(id);
    return feed == null ? -1 : feed.toldEnd();
  }

  private int windowBytesMax() {
    long share = ALL_WINDOWS_BYTES / Math.max(1, feeds.size());
    return (int) Math.max(WINDOW_BYTES_MIN, Math.min(WINDOW_BYTES_MAX, share));
  }

  private void tick() {
    feeds.values().removeIf(feed -> feed.isIdle(IDLE_MS));
    loop.scheduleTurn(TICK_MS, this::tick);
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    told = change.now();
    if (!feeds.isEmpty()) {
      loop.execute(() -> feeds.values().forEach(RemoteFeed::imageChanged));
    }
    done.run();
  }
}
