package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerFault;
import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * A request and the wait for its answer. Both travel as bytes, so that nothing is shared.
 *
 * <p>Confined to: the test's thread.
 */
final class SimExchange {
  /**
   * What is asked.
   *
   * @param api one of Kafka's; null for a message of our own
   * @param version version of Kafka's message; kind of our own
   */
  record Question(@Nullable ApiKeys api, int version, byte[] body) {}

  /** What came back: bytes, or null when the peer refused the request as such. */
  record Reply(byte @Nullable [] body) {}

  private final EventLoop asker;
  private final Question question;
  private final Promise<byte[]> answer = Promise.promise();
  private @Nullable SimConnection connection;
  private final Timer.Handle deadline;

  SimExchange(EventLoop asker, Question question, String to, int timeoutMs) {
    this.asker = asker;
    this.question = question;
    this.deadline =
        asker.schedule(
            timeoutMs,
            () -> {
              if (connection != null) {
                connection.forget(this);
              }
              answer.tryFail(
                  new PeerFault(
                      PeerFault.Kind.SILENT, to + " did not answer in " + timeoutMs + " ms"));
            });
  }

  Question question() {
    return question;
  }

  Future<byte[]> answer() {
    return answer.future();
  }

  void on(SimConnection taken) {
    connection = taken;
  }

  void answered(Reply reply) {
    asker.execute(
        () -> {
          deadline.cancel();
          if (reply.body() != null) {
            answer.tryComplete(reply.body());
          } else {
            answer.tryFail(new PeerFault(PeerFault.Kind.REJECTED, "the peer refused the request"));
          }
        });
  }

  void failed(PeerFault.Kind kind, String message) {
    asker.execute(
        () -> {
          deadline.cancel();
          answer.tryFail(new PeerFault(kind, message));
        });
  }
}
