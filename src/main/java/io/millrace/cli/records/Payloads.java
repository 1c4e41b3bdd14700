package io.millrace.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.SplittableRandom;

/** The values of a load of records. Confined to: the thread that sends. */
public interface Payloads {
  /** So many random letters are made at least; each value is a piece of them. */
  int POOL_BYTES = 1 << 20;

  /**
   * The value of a record; the array may be used again for the next one.
   *
   * @param number of the record, from 0
   */
  byte[] next(long number);

  /** Random capital letters, of one size: pieces of a pool, since dice for each letter are slow. */
  static Payloads random(int sizeBytes, long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    byte[] pool = new byte[POOL_BYTES + sizeBytes];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (byte) ('A' + dice.nextInt(26));
    }
    byte[] value = new byte[sizeBytes];
    return number -> {
      System.arraycopy(pool, dice.nextInt(POOL_BYTES), value, 0, value.length);
      return value;
    };
  }

  /** Growing numbers. */
  static Payloads monotonic() {
    return number -> Long.toString(number).getBytes(UTF_8);
  }

  /** One of these, by chance. */
  static Payloads among(List<byte[]> values, long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    return number -> values.get(dice.nextInt(values.size()));
  }

  /**
   * The values that a file has.
   *
   * @param delimiter between them, a regular expression
   * @throws ToolException when there are none
   */
  static List<byte[]> read(Path file, String delimiter) {
    List<byte[]> values = new ArrayList<>();
    try {
      if (Files.notExists(file) || Files.size(file) == 0) {
        throw ToolException.wrongUsage("The file " + file + " does not exist or is empty.");
      }
      try (Scanner scanner = new Scanner(file, UTF_8)) {
        scanner.useDelimiter(delimiter);
        scanner.forEachRemaining(value -> values.add(value.getBytes(UTF_8)));
      }
    } catch (IOException e) {
      throw ToolException.failed("The file " + file + " cannot be read: " + e.getMessage())
          .because(e);
    }
    return values;
  }
}
