package io.millrace.metadata;

import io.millrace.config.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One config of a resource, as DescribeConfigs tells it. Immutable.
 *
 * @param key the key
 * @param value the value in force as text; null when there is none or it is secret
 * @param source where it comes from
 * @param readOnly whether it cannot be changed while the broker runs
 * @param synonyms all that was set or is default for it, the one in force first (KIP-226)
 */
public record ConfigEntry(
    Key<?> key, @Nullable String value, Source source, boolean readOnly, List<Synonym> synonyms) {

  public ConfigEntry {
    synonyms = List.copyOf(synonyms);
  }

  /** Where a value comes from, with its code in the protocol. */
  public enum Source {
    TOPIC(1),
    DYNAMIC_BROKER(2),
    DYNAMIC_DEFAULT_BROKER(3),
    STATIC_BROKER(4),
    DEFAULT(5);

    private final byte code;

    Source(int code) {
      this.code = (byte) code;
    }

    /** The code in DescribeConfigs and CreateTopics. */
    public byte code() {
      return code;
    }
  }

  /**
   * A key that gives or would give the value.
   *
   * @param name name of the key
   * @param value its value as text; null when it is secret
   * @param source where it comes from
   */
  public record Synonym(String name, @Nullable String value, Source source) {}
}
