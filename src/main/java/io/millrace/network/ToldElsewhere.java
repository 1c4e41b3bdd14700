package io.millrace.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once per client, that it came in by one address and is told to go on at another that is not
 * this machine's. Behind NAT or a proxy that is as it should be; else it is why a client connects
 * and then gets no further. Thread-safe.
 */
public final class ToldElsewhere {
  /** All listeners tell addresses of this machine. */
  public static final ToldElsewhere NOBODY = new ToldElsewhere(Map.of());

  private static final Logger LOG = LoggerFactory.getLogger(ToldElsewhere.class);
  private static final int CLIENTS_MAX = 1024;

  private final Map<String, String> addresses;
  private final Set<InetAddress> known = ConcurrentHashMap.newKeySet();

  /**
   * @param addresses what clients are told that is not this machine's, as host:port, by listener
   */
  public ToldElsewhere(Map<String, String> addresses) {
    this.addresses = Map.copyOf(addresses);
  }

  /** Whether clients of that listener are told an address elsewhere. */
  public boolean concerns(String listener) {
    return addresses.containsKey(listener);
  }

  /** A client has connected. */
  void connected(String listener, InetAddress client, InetSocketAddress dialled) {
    String told = addresses.get(listener);
    if (told != null && known.size() < CLIENTS_MAX && known.add(client)) {
      LOG.info(
          "client {} dialled {}:{} and is told to go on at {}, which is not an address of this"
              + " machine: if it gets no further, correct advertised.listeners",
          client.getHostAddress(),
          dialled.getAddress().getHostAddress(),
          dialled.getPort(),
          told);
    }
  }
}
