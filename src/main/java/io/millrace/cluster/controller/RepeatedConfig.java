package io.millrace.cluster.controller;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;

/**
 * A config that an answer tells of many topics: it is encoded once, and its bytes are copied for
 * each topic. Not to be changed once it is in an answer.
 *
 * <p>Thread-safe once it has its values.
 */
final class RepeatedConfig extends CreatableTopicConfigs {
  private static final Encoded NEVER = new Encoded((short) -1, new byte[0]);

  // Any thread: of the last version that was asked for.
  private volatile Encoded last = NEVER;

  private record Encoded(short version, byte[] bytes) {}

  @Override
  public void addSize(MessageSizeAccumulator size, ObjectSerializationCache cache, short version) {
    size.addBytes(encoded(version).length);
  }

  @Override
  public void write(Writable out, ObjectSerializationCache cache, short version) {
    out.writeByteArray(encoded(version));
  }

  private byte[] encoded(short version) {
    Encoded known = last;
    if (known.version != version) {
      ObjectSerializationCache texts = new ObjectSerializationCache();
      MessageSizeAccumulator size = new MessageSizeAccumulator();
      super.addSize(size, texts, version);
      ByteBuffer bytes = ByteBuffer.allocate(size.totalSize());
      super.write(new ByteBufferAccessor(bytes), texts, version);
      known = new Encoded(version, bytes.array());
      last = known;
    }
    return known.bytes;
  }
}
