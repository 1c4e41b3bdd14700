package io.millrace.sim.cluster;

import io.millrace.sim.Answers;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Kafka's messages as bytes, so that peers share nothing but what a version carries. Stateless. */
final class Wire {

  private Wire() {}

  static byte[] encode(ApiMessage message, short version) {
    if (message instanceof FetchResponseData fetch) {
      // Records are read from the simulated disk, as the real door reads them from its files.
      fetch
          .responses()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(data -> data.setRecords(Answers.read(data.records()))));
    }
    ObjectSerializationCache cache = new ObjectSerializationCache();
    ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
    message.write(new ByteBufferAccessor(bytes), cache, version);
    return bytes.array();
  }

  static ApiMessage request(ApiKeys api, short version, byte[] bytes) {
    ApiMessage message = ApiMessageType.fromApiKey(api.id).newRequest();
    message.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);
    return message;
  }

  @SuppressWarnings("unchecked")
  static <R extends ApiMessage> R answer(ApiKeys api, short version, byte[] bytes) {
    ApiMessage message = ApiMessageType.fromApiKey(api.id).newResponse();
    message.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);
    return (R) message;
  }
}
