package io.millrace.cluster.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The services of this broker's peer port. They are added as the parts behind them start, for the
 * port is open before them. Thread-safe.
 */
public final class PeerServices {
  private final Map<Integer, PeerService> byKind = new ConcurrentHashMap<>();

  /**
   * Adds a service, in place of the one of that kind that there may be: what answers a kind may
   * change as the broker goes from stage to stage.
   */
  public void add(PeerService service) {
    byKind.put(service.kind(), service);
  }

  /** The service of that kind; null while there is none. */
  public @Nullable PeerService of(int kind) {
    return byKind.get(kind);
  }
}
