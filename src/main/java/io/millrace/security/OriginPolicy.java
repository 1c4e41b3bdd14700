package io.millrace.security;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use the web door (RFC 6454): those that the broker or another one of its
 * cluster served, and those of the origins in {@code http.origins}.
 *
 * <p>A browser says the origin of the page with each WebSocket and with each request that changes
 * something, and a page cannot change what it says; so a request without an origin comes from a
 * program, which this policy does not concern. Thread-safe.
 */
public final class OriginPolicy {
  private static final String ANY = "*";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final Set<String> allowed;
  private final WebNodes nodes;

  private OriginPolicy(Set<String> allowed, WebNodes nodes) {
    this.allowed = allowed;
    this.nodes = nodes;
  }

  /**
   * The policy of a broker's configuration.
   *
   * @param origins origins besides the broker's own, such as {@code https://shop.example}; {@code
   *     *} allows all
   */
  public static OriginPolicy of(List<String> origins) {
    return of(origins, WebNodes.NONE);
  }

  /** As {@link #of(List)}, for a broker of a cluster. */
  public static OriginPolicy of(List<String> origins, WebNodes nodes) {
    return new OriginPolicy(
        origins.stream().map(OriginPolicy::normal).collect(Collectors.toUnmodifiableSet()), nodes);
  }

  /**
   * Whether a page of this origin may open a session or change something.
   *
   * @param origin what the request says in {@code Origin}; null when it says nothing
   * @param host what it says in {@code Host}
   */
  public boolean allows(@Nullable String origin, @Nullable String host) {
    return origin == null || isSame(origin, host) || mayRead(origin, host);
  }

  /**
   * Whether a request may be served: one that changes nothing may come from anywhere, for a page of
   * a foreign origin cannot read the answer.
   */
  public boolean allows(String method, @Nullable String origin, @Nullable String host) {
    return SAFE_METHODS.contains(method) || allows(origin, host);
  }

  /** Whether a browser is to be told that a page of this other origin may read the answer. */
  public boolean isListed(@Nullable String origin) {
    return origin != null && (allowed.contains(ANY) || allowed.contains(normal(origin)));
  }

  /** Whether a page of another origin is told what it asks: it is listed, or of the cluster. */
  public boolean mayRead(String origin, @Nullable String host) {
    return isListed(origin) || nodes.isNode(origin, host);
  }

  /** Whether the page came from the address that it talks to now. */
  public static boolean isSame(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    if (host == null || authority < 0) {
      // "null" is what a page says whose origin nobody can tell: a file, a sandboxed frame.
      return false;
    }
    String scheme = origin.substring(0, authority);
    String target = scheme + "://" + host;
    return isWeb(scheme) && normal(origin).equals(normal(target));
  }

  private static boolean isWeb(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }

  /** An origin in the form in which equal ones are equal: lower case, without a default port. */
  static String normal(String origin) {
    String lower = origin.trim().toLowerCase(Locale.ROOT);
    lower = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    String defaultPort = lower.startsWith("https://") ? ":443" : ":80";
    boolean isDefault = lower.startsWith("http") && lower.endsWith(defaultPort);
    return isDefault ? lower.substring(0, lower.length() - defaultPort.length()) : lower;
  }
}
