package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Reads responses, for a broker that asked another one. Stateless. */
public final class ResponseBody {
  /** Bytes of the correlation id: no response is shorter. */
  public static final int BYTES_MIN = 4;

  private ResponseBody() {}

  /**
   * Reads the correlation id and leaves the frame behind it.
   *
   * @param frame a response without its size field, of at least {@link #BYTES_MIN} bytes
   */
  public static int correlationId(ByteBuf frame) {
    return frame.readInt();
  }

  /**
   * Reads what follows the correlation id. Records in the message are views on the frame.
   *
   * @param version version of the request that is answered
   * @throws MalformedRequestException when the bytes are no such message
   */
  public static ApiMessage read(ApiKeys api, short version, ByteBuf frame) {
    try {
      FrameReader in = new FrameReader(frame);
      if (api.responseHeaderVersion(version) >= 1) {
        in.skipTaggedFields();
      }
      ApiMessage message = api.messageType.newResponse();
      message.read(in, version);
      return message;
    } catch (MalformedRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      // The generated classes throw plain RuntimeException for null where none may be, and so on.
      throw new MalformedRequestException(String.valueOf(e.getMessage()));
    }
  }
}
