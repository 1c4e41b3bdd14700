package io.millrace.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Holds many connections to a broker on one thread, and sends small produce requests over them at a
 * rate: an open loop, in which each request counts from the time at which it was due.
 *
 * <p>{@code key=value} arguments: {@code address} (host:port), {@code topic}, {@code partitions},
 * {@code size} of a record. Then commands, a line each on the standard input, each answered by a
 * line of JSON: {@code open COUNT}, {@code drive REQUESTS_PER_SECOND SECONDS}, {@code close}. The
 * first fifth of a drive is not counted in its latencies.
 */
public final class ConnectionsLoad {
  private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);

  private final InetSocketAddress server;
  private final ProduceFrames frames;
  private final Selector selector;
  private final List<RawClient> clients = new ArrayList<>();

  private ConnectionsLoad(Arguments arguments) throws IOException {
    String[] address = arguments.text("address").split(":");
    this.server = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    this.frames =
        new ProduceFrames(
            arguments.text("topic"),
            arguments.number("partitions", 1),
            arguments.number("size", 100));
    this.selector = Selector.open();
  }

  /** Obeys the commands until the input ends. */
  public static void main(String[] args) throws IOException {
    ConnectionsLoad load = new ConnectionsLoad(new Arguments(args));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(load.obey(line.split(" ")).encode());
    }
  }

  private JsonObject obey(String[] words) throws IOException {
    return switch (words[0]) {
      case "open" -> open(Integer.parseInt(words[1]));
      case "drive" -> new Drive(Integer.parseInt(words[1]), Integer.parseInt(words[2])).run();
      case "close" -> close();
      default -> throw new IllegalArgumentException("unknown command: " + words[0]);
    };
  }

  private JsonObject open(int count) throws IOException {
    long beganNs = System.nanoTime();
    for (int i = 0; i < count; i++) {
      clients.add(new RawClient(server, selector));
    }
    return new JsonObject().put("ms", (System.nanoTime() - beganNs) / 1e6);
  }

  private JsonObject close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    selector.selectNow();
    clients.clear();
    return new JsonObject();
  }

  /** One stretch of requests at a rate. Confined to: the load's thread. */
  private final class Drive implements RawClient.Answers {
    private final Histogram latenciesNs = new Histogram(HIGHEST_NS, 3);
    private final long periodNs;
    private final long requests;
    private final long beganNs = System.nanoTime();
    private final long countedFromNs;
    private long sent;
    private long refused;

    Drive(int rate, int seconds) {
      periodNs = TimeUnit.SECONDS.toNanos(1) / rate;
      requests = (long) rate * seconds;
      countedFromNs = beganNs + TimeUnit.SECONDS.toNanos(seconds) / 5;
    }

    JsonObject run() throws IOException {
      while (sent < requests) {
        long now = System.nanoTime();
        for (long due = due(); sent < requests && due <= now; due = due()) {
          int turn = (int) (sent % clients.size());
          clients.get(turn).send(frames.next(sent), due);
          sent++;
        }
        select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(due() - now)));
      }
      double seconds = (System.nanoTime() - beganNs) / 1e9;
      long missing = drain();
      return new JsonObject()
          .put("requests", sent)
          .put("requests_per_s", sent / seconds)
          .put("refused", refused)
          .put("missing", missing)
          .put("p50_ms", latenciesNs.getValueAtPercentile(50) / 1e6)
          .put("p99_ms", latenciesNs.getValueAtPercentile(99) / 1e6)
          .put("p999_ms", latenciesNs.getValueAtPercentile(99.9) / 1e6);
    }

    private long due() {
      return beganNs + sent * periodNs;
    }

    /** Waits for the answers that are still to come; how many do not come. */
    private long drain() throws IOException {
      long endNs = System.nanoTime() + DRAIN_NS;
      long missing = outstanding();
      while (missing > 0 && System.nanoTime() < endNs) {
        select(10);
        missing = outstanding();
      }
      return missing;
    }

    private long outstanding() {
      return clients.stream().mapToLong(RawClient::outstanding).sum();
    }

    private void select(long timeoutMs) throws IOException {
      selector.select(timeoutMs);
      for (var key : selector.selectedKeys()) {
        ((RawClient) key.attachment()).ready(this);
      }
      selector.selectedKeys().clear();
    }

    @Override
    public void answered(long dueNs, boolean taken) {
      refused += taken ? 0 : 1;
      if (dueNs >= countedFromNs) {
        latenciesNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - dueNs));
      }
    }
  }
}
