package io.millrace.metadata;

/**
 * What a dynamic config belongs to. Immutable.
 *
 * @param kind topic or broker
 * @param name name of the topic, or id of the broker; empty for the default of all brokers
 */
public record ConfigScope(Kind kind, String name) {

  /** Kinds of resources that have dynamic configs. The codes are stored. */
  public enum Kind {
    TOPIC((byte) 1),
    BROKER((byte) 2);

    private final byte code;

    Kind(byte code) {
      this.code = code;
    }

    byte code() {
      return code;
    }

    static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new FactFormatException("unknown kind of config: " + code);
    }
  }

  /** The default of all brokers. */
  public static final ConfigScope DEFAULT_BROKER = new ConfigScope(Kind.BROKER, "");

  /** The configs of a topic. */
  public static ConfigScope topic(String name) {
    return new ConfigScope(Kind.TOPIC, name);
  }

  /** The configs of one broker. */
  public static ConfigScope broker(int id) {
    return new ConfigScope(Kind.BROKER, Integer.toString(id));
  }

  /** Written out, for a record's own one is linked when it is first called, within each start. */
  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + name.hashCode();
  }

  /** See {@link #hashCode}. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ConfigScope scope && kind == scope.kind && name.equals(scope.name);
  }
}
