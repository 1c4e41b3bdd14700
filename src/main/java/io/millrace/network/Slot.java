package io.millrace.network;

import io.millrace.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in the order of its connection, until its answer has been written.
 * Confined to: the loop of the connection.
 */
final class Slot {
  final RequestHeader header;
  final int sizeBytes;

  /** Version of the answer's message. */
  short version;

  private boolean answered;
  private boolean dropped;
  private @Nullable ApiMessage message;
  private @Nullable ByteBuf frame;

  Slot(RequestHeader header, int sizeBytes) {
    this.header = header;
    this.sizeBytes = sizeBytes;
    this.version = header.version();
  }

  /** Answers with a message, or with nothing at all. */
  void answer(@Nullable ApiMessage message) {
    this.message = message;
    answered = true;
  }

  /** Answers with a frame that is encoded already. */
  void answerEncoded(@Nullable ByteBuf frame) {
    this.frame = frame;
    answered = true;
  }

  /** An answer before this one is missing, so this one will not be sent. */
  void drop() {
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }

  boolean isAnswered() {
    return answered;
  }

  @Nullable ApiMessage message() {
    return message;
  }

  @Nullable ByteBuf frame() {
    return frame;
  }
}
