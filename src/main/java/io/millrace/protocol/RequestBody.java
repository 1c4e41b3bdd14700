package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;

/** Reads the body of a request. Stateless. */
public final class RequestBody {
  private RequestBody() {}

  /**
   * Reads what follows the header into kafka-clients' message class. Records in it are views on the
   * frame. Bytes behind the message are ignored, as Kafka does.
   *
   * @throws MalformedRequestException when the bytes are no such message
   */
  public static ApiMessage read(RequestHeader header, ByteBuf frame) {
    try {
      ApiMessage message = header.api().messageType.newRequest();
      message.read(new FrameReader(frame), header.version());
      return message;
    } catch (MalformedRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      // The generated classes throw plain RuntimeException for null where none may be, and so on.
      throw new MalformedRequestException(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      // An array count as large as the frame itself: refused by the heap, which is unharmed by it.
      throw new MalformedRequestException("an array too large for the heap");
    }
  }
}
