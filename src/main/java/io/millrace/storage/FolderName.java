package io.millrace.storage;

import io.millrace.model.TopicPartition;
import java.util.Locale;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a folder below a log folder says, in Kafka's notation: {@code
 * <topic>-<partition>} for a log in use, with {@code .<id>-delete}, {@code .<id>-future} or {@code
 * .<id>-stray} behind it for the others. Immutable.
 *
 * @param partition the partition
 * @param kind what its log is for
 */
record FolderName(TopicPartition partition, Kind kind) {
  private static final int NAME_MAX = 255;

  enum Kind {
    /** In use. */
    LIVE(""),
    /** Waits for its deletion. */
    DELETE("-delete"),
    /** Follows the live log, to take its place in another folder. */
    FUTURE("-future"),
    /** Unknown to the metadata; kept until somebody deletes it. */
    STRAY("-stray");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Reads a name; null when it is not the name of a partition's folder. */
  static @Nullable FolderName parse(String name) {
    Kind kind = Kind.LIVE;
    String plain = name;
    for (Kind other : Kind.values()) {
      int dot = name.lastIndexOf('.');
      if (other != Kind.LIVE && dot > 0 && name.endsWith(other.suffix)) {
        kind = other;
        plain = name.substring(0, dot);
      }
    }
    try {
      TopicPartition partition = TopicPartition.ofFolderName(plain);
      return partition.partition() < 0 ? null : new FolderName(partition, kind);
    } catch (IllegalArgumentException notAPartition) {
      return null;
    }
  }

  /** The id in the name of a folder that is set aside, as it stands there; empty without one. */
  static String idIn(String name) {
    int dot = name.lastIndexOf('.');
    int end = name.lastIndexOf('-');
    return dot >= 0 && end > dot ? name.substring(dot + 1, end) : "";
  }

  /** The id of the move whose copy has that name; null when no move of ours gives it. */
  static @Nullable Uuid moveId(String name, TopicPartition partition) {
    String id = idIn(name);
    if (id.length() != 32) {
      return null;
    }
    try {
      Uuid parsed =
          new Uuid(
              Long.parseUnsignedLong(id.substring(0, 16), 16),
              Long.parseUnsignedLong(id.substring(16), 16));
      return aside(partition, Kind.FUTURE, parsed).equals(name) ? parsed : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The name of a folder that is set aside; unique by the id, cut to what a file system takes. */
  static String aside(TopicPartition partition, Kind kind, Uuid id) {
    String tail =
        String.format(
                Locale.ROOT,
                ".%016x%016x",
                id.getMostSignificantBits(),
                id.getLeastSignificantBits())
            + kind.suffix;
    String number = "-" + partition.partition();
    int room = NAME_MAX - tail.length() - number.length();
    String topic = partition.topic();
    return topic.substring(0, Math.min(topic.length(), room)) + number + tail;
  }
}
