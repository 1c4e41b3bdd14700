package io.millrace.app;

import io.millrace.network.NetworkSettings.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * Looks whether the listeners' ports can be had before any folder is touched; they are opened for
 * good when the broker is ready. Stateless.
 */
final class PortCheck {
  private PortCheck() {}

  /**
   * @throws StartException naming the listener that cannot be bound
   */
  static void check(List<Listener> listeners) {
    for (Listener listener : listeners) {
      if (listener.port() != 0) {
        InetSocketAddress address =
            listener.host().isEmpty()
                ? new InetSocketAddress(listener.port())
                : new InetSocketAddress(listener.host(), listener.port());
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          socket.bind(address, 1);
        } catch (IOException e) {
          throw refused(listener, e);
        }
      }
    }
  }

  /** Whether an address could not be bound; the native transports have no type for it. */
  static boolean isBindFault(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      boolean told =
          cause instanceof IOException && String.valueOf(cause.getMessage()).contains("bind(");
      if (cause instanceof BindException || told) {
        return true;
      }
    }
    return false;
  }

  private static String hint(Listener listener) {
    boolean unknown =
        !listener.host().isEmpty()
            && new InetSocketAddress(listener.host(), listener.port()).isUnresolved();
    return unknown
        ? "this machine finds no address for "
            + listener.host()
            + "; write one of its own, or none to listen on all of them."
        : "another process may have the port, or the address is not this machine's.";
  }

  /** What to say when a listener cannot be bound. */
  static StartException refused(Listener listener, Throwable cause) {
    String where =
        listener.name()
            + "://"
            + (listener.host().isEmpty() ? "" : listener.host())
            + ":"
            + listener.port();
    return new StartException(
        "Listener " + where + " cannot be opened (" + cause.getMessage() + "): " + hint(listener),
        cause);
  }
}
