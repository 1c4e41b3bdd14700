package io.millrace.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One connection that sends frames and reads the answers, which come in the order of the requests.
 * Confined to: the load's thread.
 */
final class RawClient {
  private static final int SIZE_FIELD_BYTES = 4;
  private static final int ANSWER_BYTES_MAX = 4096;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocate(ANSWER_BYTES_MAX);
  private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
  private final Deque<Long> dueNs = new ArrayDeque<>();

  /** What becomes of the requests. */
  interface Answers {
    void answered(long dueNs, boolean taken);
  }

  RawClient(SocketAddress server, Selector selector) throws IOException {
    channel = SocketChannel.open(server);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Closed by a reset, so that ten thousand ports do not stay taken for a minute.
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Sends a request whose time has come; it waits its turn while the socket is full. */
  void send(ByteBuffer frame, long requestDueNs) throws IOException {
    dueNs.add(requestDueNs);
    unsent.add(frame);
    flush();
  }

  int outstanding() {
    return dueNs.size();
  }

  /** Goes on with what the selector found ready. */
  void ready(Answers answers) throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (key.isReadable()) {
      if (channel.read(in) < 0) {
        throw new IOException("the broker closed a connection");
      }
      takeAnswers(answers);
    }
  }

  private void flush() throws IOException {
    while (!unsent.isEmpty()) {
      channel.write(unsent.peek());
      if (unsent.peek().hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      unsent.remove();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  private void takeAnswers(Answers answers) {
    in.flip();
    while (in.remaining() >= SIZE_FIELD_BYTES) {
      int size = in.getInt(in.position());
      if (in.remaining() < SIZE_FIELD_BYTES + size) {
        break;
      }
      int end = in.position() + SIZE_FIELD_BYTES + size;
      ByteBuffer answer = in.slice(in.position() + SIZE_FIELD_BYTES, size);
      answers.answered(dueNs.remove(), ProduceFrames.taken(answer));
      in.position(end);
    }
    in.compact();
  }

  void close() throws IOException {
    key.cancel();
    channel.close();
  }
}
