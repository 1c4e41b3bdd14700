package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The header of a request, versions 1 and 2 of Kafka's RequestHeader. Immutable.
 *
 * @param api the API that is called
 * @param version its version; not checked against any list
 * @param correlationId number that the answer repeats; the client may use it twice
 * @param clientId name that the client gives itself; empty when it gave none
 */
public record RequestHeader(ApiKeys api, short version, int correlationId, String clientId) {

  /** Bytes of key, version and correlation id: no request is shorter. */
  public static final int BYTES_MIN = 8;

  /**
   * Reads the header and leaves the frame at the body. The body of an ApiVersions request of an
   * unknown version has no known layout, so its header is read only up to the correlation id.
   *
   * @throws MalformedRequestException when the key is unknown or the bytes are no header
   */
  public static RequestHeader read(ByteBuf frame) {
    FrameReader in = new FrameReader(frame);
    short key = in.readShort();
    short version = in.readShort();
    int correlationId = in.readInt();
    if (!ApiKeys.hasId(key)) {
      throw new MalformedRequestException("unknown API key " + key);
    }
    ApiKeys api = ApiKeys.forId(key);
    if (version < 0 || version > api.latestVersion(true)) {
      if (api == ApiKeys.API_VERSIONS) {
        return new RequestHeader(api, version, correlationId, "");
      }
      throw new MalformedRequestException("unknown version " + version + " of " + api.name);
    }
    String clientId = in.readNullableString();
    if (api.requestHeaderVersion(version) >= 2) {
      in.skipTaggedFields();
    }
    return new RequestHeader(api, version, correlationId, clientId == null ? "" : clientId);
  }
}
