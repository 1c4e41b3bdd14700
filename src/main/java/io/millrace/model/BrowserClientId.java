package io.millrace.model;

/**
 * The client id of a browser that is a member of a group: {@code browser:} and the instance that
 * the page named, or the id of its session. It is the one mark by which displays tell browsers from
 * TCP members; nothing is decided by it. Immutable.
 *
 * @param name the instance that the page named, or the id of its session
 */
public record BrowserClientId(String name) {
  private static final String PREFIX = "browser:";

  /** As it stands in the group. */
  public String text() {
    return PREFIX + name;
  }

  /** Whether a client id is one of a browser. */
  public static boolean isOne(String clientId) {
    return clientId.startsWith(PREFIX);
  }
}
