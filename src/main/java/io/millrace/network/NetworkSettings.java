package io.millrace.network;

import io.millrace.quota.ConnectionCount;
import java.util.List;

/**
 * What the network needs of the configuration. Immutable.
 *
 * @param listeners where to listen, at least one
 * @param loops number of verticles, each on an event loop of its own
 * @param frameBytesMax largest request, {@code socket.request.max.bytes}
 * @param memoryBytes memory for requests in flight, {@code queued.max.request.bytes}
 * @param idleMs connections without traffic for this long are closed, {@code
 *     connections.max.idle.ms}; below 0: never
 * @param connections how many may be open
 * @param sendBufferBytes {@code socket.send.buffer.bytes}; -1 leaves it to the system
 * @param receiveBufferBytes {@code socket.receive.buffer.bytes}; -1 leaves it to the system
 * @param backlog {@code socket.listen.backlog.size}
 */
public record NetworkSettings(
    List<Listener> listeners,
    int loops,
    int frameBytesMax,
    long memoryBytes,
    long idleMs,
    ConnectionCount.Limits connections,
    int sendBufferBytes,
    int receiveBufferBytes,
    int backlog) {

  /**
   * The listener of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Listener listener(String name) {
    for (Listener listener : listeners) {
      if (listener.name().equals(name)) {
        return listener;
      }
    }
    throw new IllegalArgumentException("no listener " + name);
  }

  /**
   * One listener.
   *
   * @param name its name, such as {@code PLAINTEXT}
   * @param host address to bind; empty for all
   * @param port port to bind; 0 for any free one
   */
  public record Listener(String name, String host, int port) {}
}
