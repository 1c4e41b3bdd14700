package io.millrace.cluster.controller;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;

/**
 * A config that an answer tells of many topics: it is encoded once, and its bytes are copied for
 * each topic. Not to be changed once it was written.
 *
 * <p>Confined to: whoever has the answer.
 */
final class RepeatedConfig extends CreatableTopicConfigs {
  private short encodedVersion = -1;
  private byte[] encoded = {};

  @Override
  public void addSize(MessageSizeAccumulator size, ObjectSerializationCache cache, short version) {
    size.addBytes(encoded(version).length);
  }

  @Override
  public void write(Writable out, ObjectSerializationCache cache, short version) {
    out.writeByteArray(encoded(version));
  }

  private byte[] encoded(short version) {
    if (version != encodedVersion) {
      ObjectSerializationCache texts = new ObjectSerializationCache();
      MessageSizeAccumulator size = new MessageSizeAccumulator();
      super.addSize(size, texts, version);
      ByteBuffer bytes = ByteBuffer.allocate(size.totalSize());
      super.write(new ByteBufferAccessor(bytes), texts, version);
      encoded = bytes.array();
      encodedVersion = version;
    }
    return encoded;
  }
}
