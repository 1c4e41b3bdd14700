package io.millrace.app;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What this machine knows of hosts. Its methods may block for a name server. */
interface Machine {
  /** Address that only this machine reaches. */
  String LOOPBACK = "127.0.0.1";

  /** Whether a host is this machine. */
  boolean owns(String host);

  /** Whether a host is this machine by an address that nobody else reaches. */
  boolean isLoopback(String host);

  /** The address of this machine from which it reaches a host; empty when it has no way. */
  Optional<String> addressTowards(String host);

  /** Names of this machine, in lower case; empty when it has none. */
  List<String> names();

  /** The machine that the process runs on. */
  Machine REAL =
      new Machine() {
        @Override
        public boolean owns(String host) {
          Optional<InetAddress> address = resolve(host);
          try {
            return address.isPresent()
                && (address.get().isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address.get()) != null);
          } catch (SocketException e) {
            return false;
          }
        }

        @Override
        public boolean isLoopback(String host) {
          return resolve(host).map(InetAddress::isLoopbackAddress).orElse(false);
        }

        @Override
        public Optional<String> addressTowards(String host) {
          Optional<InetAddress> address = resolve(host);
          if (address.isEmpty()) {
            return Optional.empty();
          }
          // Nothing is sent: connecting a datagram socket only asks the routes.
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(address.get(), JoinPlan.FIRST_PORT));
            InetAddress own = socket.getLocalAddress();
            return own.isAnyLocalAddress() ? Optional.empty() : Optional.of(own.getHostAddress());
          } catch (SocketException | java.io.UncheckedIOException e) {
            return Optional.empty();
          }
        }

        @Override
        public List<String> names() {
          try {
            InetAddress local = InetAddress.getLocalHost();
            return Stream.of(local.getHostName(), local.getCanonicalHostName())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
          } catch (UnknownHostException e) {
            return List.of();
          }
        }

        private Optional<InetAddress> resolve(String host) {
          try {
            return Optional.of(InetAddress.getByName(host));
          } catch (UnknownHostException e) {
            return Optional.empty();
          }
        }
      };
}
