package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Sends requests to the peer ports of other brokers. Connections are made when first used and kept;
 * each lane has one of its own, so that a large answer delays no heartbeat. Answers come in any
 * order: a request that waits at the peer holds back no other.
 *
 * <p>All futures complete on the loop that asked; they fail with {@link PeerFault}.
 *
 * <p>Thread-safe.
 */
public interface PeerLink {
  /** A broker that is alone: every port refuses. */
  PeerLink NONE = new NoPeers();

  /** Which connection a request takes. */
  enum Lane {
    /** Heartbeats, registration, decisions: small and urgent. */
    CONTROL,
    /** Fetches of followers. */
    FETCH,
    /** What is done for clients: forwarded requests, reads of partitions that live elsewhere. */
    CLIENT
  }

  /**
   * Sends one of Kafka's requests.
   *
   * @param version version of the request and its answer
   * @param timeoutMs when it is given up, with a fault of kind SILENT
   */
  <R extends ApiMessage> Future<PeerAnswer<R>> send(
      EventLoop asker,
      PeerAddress to,
      Lane lane,
      ApiKeys api,
      short version,
      ApiMessage request,
      int timeoutMs);

  /**
   * Sends a message of our own to the {@link PeerService} of that kind.
   *
   * @param kind which service
   * @param body its request; the first byte is the version of its form
   * @return its answer
   */
  Future<byte[]> ask(
      EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs);

  /**
   * Tells {@code listener}, on {@code loop}, of each peer whose connection closed without our
   * doing: a hint that the process may have ended.
   */
  void onLost(EventLoop loop, Consumer<PeerAddress> listener);
}
