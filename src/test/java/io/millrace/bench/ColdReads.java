package io.millrace.bench;

import io.millrace.bench.Fetcher.Fetched;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a topic from its start at a rate and throws away what comes, until it is ended. Prints a
 * line when the first bytes are there.
 *
 * <p>{@code key=value} arguments: {@code address} (host:port), {@code topic}, {@code partitions},
 * {@code megabytes} a second.
 */
public final class ColdReads {
  private static final int FETCH_BYTES = 1_000_000;

  private ColdReads() {}

  /** Reads its partitions in turn; fails when the rate cannot be held because all was read. */
  public static void main(String[] args) throws IOException {
    Arguments arguments = new Arguments(args);
    long[] offsets = new long[arguments.number("partitions", 1)];
    long periodNs = TimeUnit.SECONDS.toNanos(1) / arguments.number("megabytes", 1);
    try (Fetcher fetcher = new Fetcher(arguments.address(), arguments.text("topic"), FETCH_BYTES)) {
      long dueNs = System.nanoTime();
      for (int turn = 0; ; turn++) {
        int partition = turn % offsets.length;
        Fetched fetched = fetcher.fetch(partition, offsets[partition]);
        if (fetched.bytes() == 0) {
          throw new IOException("partition " + partition + " is read to its end");
        }
        offsets[partition] = fetched.nextOffset();
        if (turn == 0) {
          System.out.println(new JsonObject().put("bytes", fetched.bytes()).encode());
        }
        // What a slow broker misses is not made up for: it would be another load than asked for.
        dueNs = Math.max(dueNs + periodNs, System.nanoTime());
        LockSupport.parkNanos(dueNs - System.nanoTime());
      }
    }
  }
}
