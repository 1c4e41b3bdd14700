package io.millrace.cluster.peer;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The answer of a peer. Records in it are views on the frame that it came in: they may be read
 * until {@link #release}. Confined to: the loop that asked.
 *
 * @param message the answer
 * @param frame gives the frame back; called exactly once
 */
public record PeerAnswer<R extends ApiMessage>(R message, Runnable frame) {
  /** Gives the frame back. Call it exactly once, when the records are no longer needed. */
  public void release() {
    frame.run();
  }
}
