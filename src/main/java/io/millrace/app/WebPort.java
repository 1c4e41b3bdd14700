package io.millrace.app;

import io.millrace.rest.WebSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Chooses the port of the web door before any folder is touched. One that nobody wrote down is
 * searched from the usual one upward, so that several brokers start on one machine; one that was
 * written down and is taken stops the start. Stateless.
 */
final class WebPort {
  private static final int SEARCHED = 100;

  private WebPort() {}

  /**
   * The settings with a port that can be had now.
   *
   * @throws StartException when there is none
   */
  static WebSettings choose(WebSettings asked) {
    if (asked.port() <= 0) {
      return asked;
    }
    int last = asked.searches() ? asked.port() + SEARCHED - 1 : asked.port();
    for (int port = asked.port(); ; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(
            asked.host().isEmpty()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(asked.host(), port),
            1);
        return asked.at(port);
      } catch (IOException e) {
        if (port == last) {
          throw new StartException(
              "The web door cannot be opened at http.port="
                  + asked.port()
                  + " ("
                  + e.getMessage()
                  + "): another process may have the port, or http.host is not this machine's."
                  + " http.port=0 takes any free one, -1 opens no web door.",
              e);
        }
      }
    }
  }
}
