package io.millrace.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Sends records to the measured server. Confined to: the thread of the load. */
interface Publisher extends AutoCloseable {

  /** Sends a number of records; may return before they have left. */
  void send(int count);

  @Override
  void close();

  /** A record of that many bytes: filling, the mark, the time of now. */
  static byte[] record(int size) {
    byte[] record = new byte[size];
    int mark = size - Deliveries.TIME_DIGITS - 1;
    Arrays.fill(record, 0, mark, (byte) 'x');
    record[mark] = Deliveries.MARK;
    String digits = Long.toString(System.nanoTime());
    Arrays.fill(record, mark + 1, size, (byte) '0');
    byte[] time = digits.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(time, 0, record, size - time.length, time.length);
    return record;
  }
}
