package io.millrace.bench;

import io.millrace.bench.Fetcher.Fetched;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Holds many connections to a broker, and sends produce requests over them at a rate: an open loop,
 * in which each request counts from the time at which it was due. One thread sends, another takes
 * the answers, so that neither waits for the other.
 *
 * <p>{@code key=value} arguments: {@code address} (host:port) and those of {@link ProduceFrames}.
 * Then commands, a line each on the standard input, each answered by a line of JSON:
 *
 * <ul>
 *   <li>{@code open COUNT}, {@code close}: connections
 *   <li>{@code drive REQUESTS_PER_SECOND SECONDS}; the first fifth is not counted in its latencies
 *   <li>{@code begin REQUESTS_PER_SECOND} and {@code end}: a drive that goes on meanwhile
 *   <li>{@code deliver REQUESTS_PER_SECOND SECONDS}: a drive of one connection to one partition
 *       with one record in a request; latencies are those of the records' delivery to a fetch that
 *       waits
 * </ul>
 */
public final class ConnectionsLoad {
  private static final int DELIVERED_BYTES_MAX = 1 << 20;
  private static final int ENDLESS_S = 1_000_000;

  private final Arguments arguments;
  private final InetSocketAddress server;
  private final ProduceFrames frames;
  private final Selector selector;
  private final List<RawClient> clients = new ArrayList<>();
  private @Nullable Drive begun;
  private @Nullable FutureTask<JsonObject> ended;

  private ConnectionsLoad(Arguments arguments) throws IOException {
    this.arguments = arguments;
    this.server = arguments.address();
    this.frames = new ProduceFrames(arguments);
    this.selector = Selector.open();
  }

  /** Obeys the commands until the input ends. */
  public static void main(String[] args) throws Exception {
    ConnectionsLoad load = new ConnectionsLoad(new Arguments(args));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(load.obey(line.split(" ")).encode());
    }
  }

  private JsonObject obey(String[] words) throws Exception {
    return switch (words[0]) {
      case "open" -> open(Integer.parseInt(words[1]));
      case "drive" -> drive(words[1], Integer.parseInt(words[2])).run();
      case "deliver" -> deliver(words[1], Integer.parseInt(words[2]));
      case "begin" -> begin(drive(words[1], ENDLESS_S));
      case "end" -> end();
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

  private Drive drive(String rate, long seconds) {
    return new Drive(clients, frames, selector, Integer.parseInt(rate), seconds);
  }

  private JsonObject begin(Drive drive) {
    begun = drive;
    ended = inBackground(drive::run);
    return new JsonObject();
  }

  private JsonObject end() throws ExecutionException, InterruptedException {
    if (begun == null || ended == null) {
      throw new IllegalStateException("nothing was begun");
    }
    begun.stop();
    return ended.get();
  }

  private JsonObject deliver(String rate, int seconds) throws Exception {
    try (Fetcher fetcher = new Fetcher(server, arguments.text("topic"), DELIVERED_BYTES_MAX)) {
      long first = fetcher.endOffset(0);
      Drive drive = drive(rate, seconds);
      FutureTask<Latencies> delivered = inBackground(() -> follow(fetcher, first, drive));
      JsonObject told = drive.run();
      return delivered.get().tell(told);
    }
  }

  /** Takes the drive's records, which have consecutive offsets, until the last of them. */
  private static Latencies follow(Fetcher fetcher, long first, Drive drive) throws IOException {
    Latencies latencies = new Latencies();
    for (long at = first; at < first + drive.requests(); ) {
      Fetched fetched = fetcher.fetch(0, at);
      for (; at < fetched.nextOffset(); at++) {
        long dueNs = drive.dueNs(at - first);
        if (drive.counts(dueNs)) {
          latencies.add(dueNs);
        }
      }
    }
    return latencies;
  }

  private static <T> FutureTask<T> inBackground(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "background");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
