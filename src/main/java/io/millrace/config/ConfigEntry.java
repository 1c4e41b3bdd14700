package io.millrace.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value and where that comes from, as DescribeConfigs tells it (KIP-133, KIP-226).
 *
 * @param key the key
 * @param value text of the value; null when there is none or it must not be shown
 * @param source where the value comes from
 * @param readOnly whether it cannot change while the broker runs
 * @param synonyms every place that gives or would give the value, the one in force first
 *     <p>Immutable.
 */
public record ConfigEntry(
    Key<?> key, @Nullable String value, Source source, boolean readOnly, List<Synonym> synonyms) {

  /** Where a value comes from. */
  public enum Source {
    /** Set for the topic. */
    TOPIC(1),
    /** Changed for this broker while it ran. */
    DYNAMIC_BROKER(2),
    /** Changed for all brokers while they ran. */
    DYNAMIC_DEFAULT_BROKER(3),
    /** Written when the broker started. */
    STATIC_BROKER(4),
    /** Nobody wrote it. */
    DEFAULT(5);

    private final byte id;

    Source(int id) {
      this.id = (byte) id;
    }

    /** Number of the source in DescribeConfigs. */
    public byte id() {
      return id;
    }
  }

  /**
   * One place that gives a value.
   *
   * @param name key as it is called there
   * @param value text of the value; null when it must not be shown
   * @param source the place
   */
  public record Synonym(String name, @Nullable String value, Source source) {}
}
