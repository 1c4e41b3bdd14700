package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.Listener;
import io.millrace.network.ToldElsewhere;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks up the hosts of {@code advertised.listeners} before anything is opened: what this machine
 * cannot resolve its clients most likely cannot either. Stateless.
 */
final class AdvertisedHosts {
  /** Finds the addresses of a name. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private AdvertisedHosts() {}

  /**
   * The listeners whose clients are told an address that is not this machine's.
   *
   * @throws StartException naming the host that has no address
   */
  static ToldElsewhere find(BrokerConfig config, Resolver resolver) {
    Map<String, String> elsewhere = new HashMap<>();
    for (Listener told : Listener.advertised(config).values()) {
      if (!told.host().isEmpty() && !isHere(addresses(told, resolver))) {
        elsewhere.put(told.name(), told.host() + ":" + told.port());
      }
    }
    return new ToldElsewhere(elsewhere);
  }

  private static List<InetAddress> addresses(Listener told, Resolver resolver) {
    try {
      return List.of(resolver.resolve(told.host()));
    } catch (UnknownHostException e) {
      throw new StartException(
          "advertised.listeners has "
              + told.host()
              + ", a name for which this machine finds no address; "
              + Listener.REAL_ADDRESS
              + ".",
          e);
    }
  }

  private static boolean isHere(List<InetAddress> addresses) {
    return addresses.stream().anyMatch(AdvertisedHosts::isHere);
  }

  private static boolean isHere(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      // Nothing is known of the interfaces, so nothing is said of them.
      return true;
    }
  }
}
