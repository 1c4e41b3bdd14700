package io.millrace.cluster;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * How replies are kept for repeats: version of the message, then the message.
 *
 * @param empty makes a message to read into
 * @param compact takes from a reply what a repeat can do without
 */
record ReplyCodec<R extends Message>(Supplier<R> empty, UnaryOperator<R> compact) {

  byte[] encode(R reply) {
    Message message = compact.apply(reply);
    ByteBuffer bytes =
        MessageUtil.toVersionPrefixedByteBuffer(message.highestSupportedVersion(), message);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  R decode(byte[] bytes) {
    ByteBufferAccessor input = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
    short version = input.readShort();
    R reply = empty.get();
    reply.read(input, version);
    return reply;
  }
}
