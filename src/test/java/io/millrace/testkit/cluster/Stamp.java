package io.millrace.testkit.cluster;

import java.nio.ByteBuffer;

/**
 * What a record of the load carries: who sent it and as how manieth to its partition. Immutable.
 *
 * @param writer number of the producer
 * @param sequence 0 for the first record that this producer sent to the partition
 */
record Stamp(int writer, int sequence) {
  private static final int BYTES = 100;

  byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putInt(writer).putInt(sequence).array();
  }

  static Stamp of(byte[] value) {
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new Stamp(buffer.getInt(), buffer.getInt());
  }

  @Override
  public String toString() {
    return writer + ":" + sequence;
  }
}
