package io.millrace.security;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The web doors of the cluster's brokers as a page reaches them: one that came from one of them may
 * use the others, and goes on there when its own is gone.
 *
 * <p>Brokers on one machine are told under the name that the page dialled. A page that came through
 * a proxy, and so dialled another port than the broker's, is told of nobody: it would not reach
 * them. Thread-safe.
 */
public final class WebNodes {
  /** A broker that is alone. */
  public static final WebNodes NONE = new WebNodes(() -> ClusterImage.EMPTY, -1);

  private final Supplier<ClusterImage> image;
  private final int brokerId;

  /**
   * @param image the newest image
   * @param brokerId id of this broker
   */
  public WebNodes(Supplier<ClusterImage> image, int brokerId) {
    this.image = image;
    this.brokerId = brokerId;
  }

  /**
   * Host and port of the web doors that are open now, this broker's first; none when this broker is
   * the only one.
   *
   * @param dialled what the page dialled, as {@code Host} says it
   */
  public List<String> open(@Nullable String dialled) {
    List<String> open = find(dialled, false);
    return open.size() > 1 ? open : List.of();
  }

  /**
   * Host and port of the web doors of the cluster's other brokers, also of those that are gone now:
   * where a page that is loaded now may want to go on later.
   *
   * @param dialled what the page dialled, as {@code Host} says it
   */
  public List<String> others(@Nullable String dialled) {
    List<String> all = find(dialled, true);
    return all.size() > 1 ? all.subList(1, all.size()) : List.of();
  }

  /**
   * Whether a page came from another broker of the cluster, also one that is gone by now.
   *
   * @param origin what the request says in {@code Origin}
   * @param dialled what it says in {@code Host}
   */
  public boolean isNode(String origin, @Nullable String dialled) {
    int authority = origin.indexOf("://");
    return authority > 0
        && origin.regionMatches(true, 0, "http", 0, 4)
        && find(dialled, true).contains(origin.substring(authority + 3).toLowerCase(Locale.ROOT));
  }

  private List<String> find(@Nullable String dialled, boolean alsoFenced) {
    ClusterImage now = image.get();
    BrokerImage self = now.broker(brokerId);
    Endpoint own = self == null ? null : self.endpoint(Endpoint.HTTP);
    int colon = dialled == null ? -1 : dialled.lastIndexOf(':');
    if (own == null || dialled == null || !dialled.endsWith(":" + own.port())) {
      return List.of();
    }
    String name = dialled.substring(0, colon).toLowerCase(Locale.ROOT);
    List<String> found = new ArrayList<>();
    found.add(name + ":" + own.port());
    for (BrokerImage broker : now.brokers().values()) {
      Endpoint door = broker.endpoint(Endpoint.HTTP);
      if (door != null && broker.id() != brokerId && (alsoFenced || !broker.fenced())) {
        boolean isHere = door.host().isEmpty() || door.host().equals(own.host());
        found.add((isHere ? name : door.host()) + ":" + door.port());
      }
    }
    return found;
  }
}
