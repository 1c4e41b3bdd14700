package io.millrace.storage.log;

import java.nio.file.Path;

/** The names of a log's files, as Kafka gives them. */
public final class FileNames {
  /** Batches. */
  public static final String LOG = ".log";

  /** Offset index. */
  public static final String INDEX = ".index";

  /** Time index. */
  public static final String TIME_INDEX = ".timeindex";

  /** Aborted transactions. */
  public static final String TXN_INDEX = ".txnindex";

  /** Producer state. */
  public static final String SNAPSHOT = ".snapshot";

  /** Waits for its deletion. */
  public static final String DELETED = ".deleted";

  /** Output of an unfinished compaction or truncation. */
  public static final String CLEANED = ".cleaned";

  /** Output of a finished compaction that has not yet taken its place. */
  public static final String SWAP = ".swap";

  /** Start offsets of leader epochs. */
  public static final String LEADER_EPOCHS = "leader-epoch-checkpoint";

  /** Topic id. */
  public static final String PARTITION_METADATA = "partition.metadata";

  private static final int OFFSET_DIGITS = 20;

  private FileNames() {}

  /** {@code <20 digits><suffix>}, as {@code 00000000000000000042.log}. */
  public static Path of(Path dir, long baseOffset, String suffix) {
    return dir.resolve(digits(baseOffset) + suffix);
  }

  /**
   * Offset in the name of a file.
   *
   * @return −1 when the name does not begin with 20 digits and a dot
   */
  public static long offsetOf(Path file) {
    String name = file.getFileName().toString();
    if (name.length() <= OFFSET_DIGITS || name.charAt(OFFSET_DIGITS) != '.') {
      return -1;
    }
    for (int i = 0; i < OFFSET_DIGITS; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return -1;
      }
    }
    try {
      return Long.parseLong(name, 0, OFFSET_DIGITS, 10);
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }

  /** Whether a file has a name that only files of a log have. */
  public static boolean isOfLog(Path file) {
    String name = file.getFileName().toString();
    return name.equals(PARTITION_METADATA) || name.equals(LEADER_EPOCHS) || offsetOf(file) >= 0;
  }

  /** Whether a file's name ends so. */
  static boolean is(Path file, String suffix) {
    return file.getFileName().toString().endsWith(suffix);
  }

  private static String digits(long offset) {
    String number = Long.toString(offset);
    return "0".repeat(OFFSET_DIGITS - number.length()) + number;
  }
}
