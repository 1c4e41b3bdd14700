package io.millrace.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One stretch of requests at a rate. A thread of its own sends; what else it has is confined to the
 * thread that runs it, save what is said to be for any thread.
 */
final class Drive implements RawClient.Answers {
  private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);
  private static final int SELECT_MS = 10;

  private final List<RawClient> clients;
  private final ProduceFrames frames;
  private final Selector selector;
  private final Latencies latencies = new Latencies();
  private final long periodNs;
  private final long requests;
  private final long beganNs = System.nanoTime();
  private final long countedFromNs;
  private long refused;

  // Written by the thread that sends.
  private volatile long sent;

  private volatile boolean stopped;

  /** A drive that begins now; its first fifth is not counted in its latencies. */
  Drive(List<RawClient> clients, ProduceFrames frames, Selector selector, int rate, long seconds) {
    this.clients = clients;
    this.frames = frames;
    this.selector = selector;
    periodNs = TimeUnit.SECONDS.toNanos(1) / rate;
    requests = rate * seconds;
    countedFromNs = beganNs + TimeUnit.SECONDS.toNanos(seconds) / 5;
  }

  /** Sends and takes answers until all are there, or a time after the last was sent. */
  JsonObject run() throws IOException {
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(this::send, task -> new Thread(task, "sender").start());
    while (!sending.isDone()) {
      select();
    }
    sending.join();
    double seconds = (System.nanoTime() - beganNs) / 1e9;
    long endNs = System.nanoTime() + DRAIN_NS;
    while (outstanding() > 0 && System.nanoTime() < endNs) {
      select();
    }
    return latencies.tell(
        new JsonObject()
            .put("requests", sent)
            .put("requests_per_s", sent / seconds)
            .put("refused", refused)
            .put("missing", outstanding()));
  }

  /** Sends no more. Any thread. */
  void stop() {
    stopped = true;
  }

  /** How many it sends unless it is stopped. Any thread. */
  long requests() {
    return requests;
  }

  /** When the request of that number is due, by the clock of this process. Any thread. */
  long dueNs(long number) {
    return beganNs + number * periodNs;
  }

  /** Whether what is due then counts. Any thread. */
  boolean counts(long dueNs) {
    return dueNs >= countedFromNs;
  }

  private void send() {
    try {
      for (long number = 0; number < requests && !stopped; number++) {
        long due = dueNs(number);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        clients.get((int) (number % clients.size())).send(frames.next(number), due);
        sent = number + 1;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long outstanding() {
    return clients.stream().mapToLong(RawClient::outstanding).sum();
  }

  private void select() throws IOException {
    selector.select(SELECT_MS);
    for (var key : selector.selectedKeys()) {
      ((RawClient) key.attachment()).ready(this);
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void answered(long dueNs, boolean taken) {
    refused += taken ? 0 : 1;
    if (counts(dueNs)) {
      latencies.add(dueNs);
    }
  }
}
