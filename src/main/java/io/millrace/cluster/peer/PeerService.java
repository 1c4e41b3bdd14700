package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;

/** Answers one kind of message of our own on the peer port. Thread-safe. */
public interface PeerService {
  /** A broker is looked for while nobody knows who is there. */
  int PROBE = 1;

  /** A broker asks to follow the metadata log. */
  int JOIN = 2;

  /** A request to the cluster, forwarded to the active controller. */
  int DECIDE = 3;

  /** A request to a group's coordinator on behalf of a browser. */
  int GROUP = 4;

  /** A broker reports what it holds of partitions without a leader. */
  int LEADERLESS = 5;

  /** What kind of message it answers; each kind has one service. */
  int kind();

  /**
   * Answers a request.
   *
   * @param loop loop of the connection; the result completes on it
   * @param body the request; the first byte is the version of its form
   * @return the answer; a failure ends as a fault of kind REJECTED at the asker
   */
  Future<byte[]> serve(EventLoop loop, byte[] body);
}
