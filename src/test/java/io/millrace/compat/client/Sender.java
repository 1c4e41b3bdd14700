package io.millrace.compat.client;

import java.util.concurrent.CompletableFuture;

/** A producer. Thread-safe. */
public interface Sender extends AutoCloseable {

  /** Sends; completes with the message's offset, or as the client's callback failed. */
  CompletableFuture<Long> send(Message message);

  /** Waits until all that was sent is acknowledged or failed. */
  void flush();

  @Override
  void close();
}
