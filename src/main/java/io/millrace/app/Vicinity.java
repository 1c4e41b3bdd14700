package io.millrace.app;

import io.millrace.cluster.founding.Place;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What this machine says of places that are ports of its own, without a word to whoever is there.
 * It refuses a connection at once where nobody listens; to hear that by probes, a start would set
 * up the whole way to other brokers for nobody. Immutable.
 *
 * @param vacant nobody listens there
 * @param own this broker listens there
 */
record Vicinity(Set<Place> vacant, Set<Place> own) {
  /** Somebody listens there who has too much to do; the probe says more. */
  private static final int CONNECT_MS_MAX = 100;

  /** Hosts that need no name server. */
  private static final Set<String> LOOPBACKS = Set.of("localhost", Machine.LOOPBACK, "::1");

  Vicinity {
    vacant = Set.copyOf(vacant);
    own = Set.copyOf(own);
  }

  /**
   * Asks. Blocks, for a moment only: places of other hosts are passed over.
   *
   * @param self where this broker listens already
   */
  static Vicinity of(Collection<Place> places, Place self) {
    Set<Place> vacant = new LinkedHashSet<>();
    Set<Place> own = new LinkedHashSet<>();
    for (Place place : places) {
      if (LOOPBACKS.contains(place.host()) || place.host().equals(self.host())) {
        if (isSame(place, self)) {
          own.add(place);
        } else if (isVacant(place)) {
          vacant.add(place);
        }
      }
    }
    return new Vicinity(vacant, own);
  }

  private static boolean isSame(Place place, Place self) {
    try {
      return place.port() == self.port()
          && InetAddress.getByName(place.host()).equals(InetAddress.getByName(self.host()));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isVacant(Place place) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(place.host(), place.port()), CONNECT_MS_MAX);
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }

  /** The places of which a probe may hear more. */
  List<Place> others(Collection<Place> places) {
    return places.stream()
        .filter(place -> !vacant.contains(place) && !own.contains(place))
        .toList();
  }
}
