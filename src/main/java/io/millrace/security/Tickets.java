package io.millrace.security;

import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tickets that begin a session in a browser, where no header can be set: traded for a login, good
 * for one use within 30 s, from the origin that asked for it.
 *
 * <p>They are held in memory only, and their number is bounded, in all and for each address, so
 * that nobody can make it grow or keep others from theirs. Thread-safe.
 */
public final class Tickets {
  /** How long a ticket is good, in ms. */
  public static final int LIFETIME_MS = 30_000;

  private static final int RANDOM_BYTES = 32;

  private final Consumer<byte[]> random;
  private final int max;
  private final int perAddressMax;

  /** By ticket. All live equally long, so the first ends first. Guarded by this. */
  private final LinkedHashMap<String, Held> held = new LinkedHashMap<>();

  /** Tickets that are held, by the address that asked. Guarded by this. */
  private final Map<String, Integer> byAddress = new HashMap<>();

  private record Held(Grant grant, @Nullable String origin, String address, long endsAtMs) {}

  /**
   * @param random fills bytes that nobody can guess
   * @param max tickets that may be held at a time
   * @param perAddressMax those of one address
   */
  public Tickets(Consumer<byte[]> random, int max, int perAddressMax) {
    this.random = random;
    this.max = max;
    this.perAddressMax = perAddressMax;
  }

  /** What came of presenting a ticket. */
  public sealed interface Redeemed {
    /** It was good, and is used now. */
    record Good(Grant grant) implements Redeemed {}

    /** It was not; {@code why} is a sentence for people. */
    record Refused(String why) implements Redeemed {}
  }

  /**
   * Makes a ticket.
   *
   * @param grant what a session has that begins with it
   * @param origin origin of the page that asks; null when the one who asks is no browser
   * @param address address that asks
   * @param nowMs monotonic time in ms
   * @return base64url without padding; null when too many are held
   */
  public synchronized @Nullable String issue(
      Grant grant, @Nullable String origin, String address, long nowMs) {
    forgetEnded(nowMs);
    if (held.size() >= max || byAddress.getOrDefault(address, 0) >= perAddressMax) {
      return null;
    }
    byte[] bytes = new byte[RANDOM_BYTES];
    random.accept(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    held.put(ticket, new Held(grant, normal(origin), address, nowMs + LIFETIME_MS));
    byAddress.merge(address, 1, Integer::sum);
    return ticket;
  }

  /**
   * Uses a ticket up, also when it is refused.
   *
   * @param origin origin of the page that presents it; null when none was said
   * @param nowMs monotonic time in ms
   */
  public synchronized Redeemed redeem(String ticket, @Nullable String origin, long nowMs) {
    forgetEnded(nowMs);
    Held found = held.remove(ticket);
    if (found == null) {
      return new Redeemed.Refused(
          "The ticket was used before, or is older than " + LIFETIME_MS / 1_000 + " s.");
    }
    forgetOneOf(found.address);
    String from = normal(origin);
    boolean same = found.origin == null ? from == null : found.origin.equals(from);
    return same
        ? new Redeemed.Good(found.grant)
        : new Redeemed.Refused("The ticket was given to another origin.");
  }

  /** Tickets that are good at this time. */
  synchronized int count(long nowMs) {
    forgetEnded(nowMs);
    return held.size();
  }

  private void forgetEnded(long nowMs) {
    Iterator<Held> all = held.values().iterator();
    while (all.hasNext()) {
      Held first = all.next();
      if (nowMs < first.endsAtMs) {
        return;
      }
      all.remove();
      forgetOneOf(first.address);
    }
  }

  private void forgetOneOf(String address) {
    byAddress.computeIfPresent(address, (at, n) -> n == 1 ? null : n - 1);
  }

  private static @Nullable String normal(@Nullable String origin) {
    return origin == null ? null : OriginPolicy.normal(origin);
  }
}
