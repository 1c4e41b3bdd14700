package io.millrace.security;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Under which names the web door is served. A page of a foreign site can have its own name point at
 * this machine after it was loaded (DNS rebinding); for the browser broker and page are then one
 * origin, and {@link OriginPolicy} lets it pass. What gives it away is the name that it dials.
 *
 * <p>Served are addresses, which no name server can turn round; names without a dot and those of
 * domains that cannot be bought, which only the own network answers; the names that brokers tell
 * clients and that machines have; and what the configuration lists.
 *
 * <p>Thread-safe.
 */
public final class HostPolicy {
  private static final String ANY = "*";

  /** Reserved for private use (RFC 6761, 6762, 8375), or never given out. */
  private static final List<String> PRIVATE_DOMAINS =
      List.of(
          ".localhost",
          ".local",
          ".internal",
          ".home.arpa",
          ".test",
          ".svc",
          ".lan",
          ".home",
          ".corp");

  private final Set<String> listed;
  private final Supplier<? extends Collection<String>> known;

  private HostPolicy(Set<String> listed, Supplier<? extends Collection<String>> known) {
    this.listed = listed;
    this.known = known;
  }

  /**
   * The policy of a broker's configuration.
   *
   * @param hosts names besides the broker's own; {@code *} allows all
   * @param origins origins of pages that may use the door; their hosts may be dialled, as they are
   *     by a proxy that passes on what it was asked for
   * @param known names that brokers and machines have now, in lower case; called for names that
   *     nothing else allows
   */
  public static HostPolicy of(
      List<String> hosts, List<String> origins, Supplier<? extends Collection<String>> known) {
    Stream<String> ofOrigins =
        origins.stream().map(origin -> origin.substring(Math.max(0, origin.indexOf("://") + 3)));
    Set<String> listed =
        Stream.concat(hosts.stream(), origins.contains(ANY) ? Stream.of(ANY) : ofOrigins)
            .map(HostPolicy::name)
            .collect(Collectors.toUnmodifiableSet());
    return new HostPolicy(listed, known);
  }

  /**
   * Whether a request may be served that dialled this.
   *
   * @param host what it says in {@code Host}; null when it says nothing, which no browser does
   */
  public boolean serves(@Nullable String host) {
    if (host == null || listed.contains(ANY)) {
      return true;
    }
    String name = name(host);
    return isAddress(name)
        || (!name.isEmpty() && !name.contains("."))
        || PRIVATE_DOMAINS.stream().anyMatch(name::endsWith)
        || listed.contains(name)
        || known.get().contains(name);
  }

  /** Without port and final dot, in lower case. */
  private static String name(String host) {
    String lower = host.trim().toLowerCase(Locale.ROOT);
    if (lower.startsWith("[")) {
      return lower;
    }
    int colon = lower.indexOf(':');
    String name = colon < 0 ? lower : lower.substring(0, colon);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** No domain has a last part of digits alone, and no name has brackets. */
  private static boolean isAddress(String name) {
    if (name.startsWith("[")) {
      return name.contains("]");
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
