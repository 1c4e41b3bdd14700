package io.millrace.network;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A blocking client that sends exactly the bytes that a test wants. Confined to: one thread. */
public final class WireClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  public WireClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBufferBytes small ones make a peer that does not read felt soon; 0 for the
   *     default
   */
  public WireClient(int port, int receiveBufferBytes) throws IOException {
    socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** The bytes of a request, size field included. */
  public static byte[] frame(ApiMessage request, short version, int correlationId) {
    ApiKeys api = ApiKeys.forId(request.apiKey());
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId("wire");
    short headerVersion = api.requestHeaderVersion(version);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    request.addSize(size, cache, version);
    ByteBuffer bytes = ByteBuffer.allocate(4 + size.totalSize());
    bytes.putInt(size.totalSize());
    ByteBufferAccessor accessor = new ByteBufferAccessor(bytes);
    header.write(accessor, cache, headerVersion);
    request.write(accessor, cache, version);
    return bytes.array();
  }

  /** How long {@link #receive} waits before it throws SocketTimeoutException. */
  public void timeoutMs(int ms) throws IOException {
    socket.setSoTimeout(ms);
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void send(ApiMessage request, short version, int correlationId) throws IOException {
    send(frame(request, version, correlationId));
  }

  /** The next frame without its size field. */
  public ByteBuffer receive() throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** The next answer; fails when it is not the one of {@code correlationId}. */
  public ApiMessage receive(ApiKeys api, short version, int correlationId) throws IOException {
    ByteBuffer bytes = receive();
    ByteBufferAccessor accessor = new ByteBufferAccessor(bytes);
    ResponseHeaderData header =
        new ResponseHeaderData(accessor, api.responseHeaderVersion(version));
    if (header.correlationId() != correlationId) {
      throw new AssertionError("answer " + header.correlationId() + " for " + correlationId);
    }
    ApiMessage response = api.messageType.newResponse();
    response.read(accessor, version);
    if (bytes.hasRemaining()) {
      throw new AssertionError(bytes.remaining() + " bytes behind the answer");
    }
    return response;
  }

  public ApiMessage call(ApiMessage request, short version) throws IOException {
    send(request, version, 77);
    return receive(ApiKeys.forId(request.apiKey()), version, 77);
  }

  /** Whether the broker closes the connection, without another byte, before the timeout. */
  public boolean isClosedByBroker() throws IOException {
    try {
      return in.read() == -1;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
