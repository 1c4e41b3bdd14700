package io.millrace.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Damages frames as a bad peer would. The seed decides everything. Confined to: one thread. */
public final class Mutations {
  private static final int[] COUNTS = {-2, -1, 0, 1, 0x7f, 0x80, 0xffff, 1 << 24, 0x7fffffff};

  private final Random random;

  public Mutations(Random random) {
    this.random = random;
  }

  /**
   * A damaged copy of a frame. Its size field is right, so that the body is what is tried.
   *
   * @param frame size field, header, body
   */
  public byte[] damage(byte[] frame) {
    byte[] damaged = frame.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && damaged.length > 13; i++) {
      damaged = once(damaged);
    }
    ByteBuffer.wrap(damaged).putInt(0, damaged.length - 4);
    return damaged;
  }

  private byte[] once(byte[] frame) {
    // The first 12 bytes are size, key, version and correlation id.
    int at = 12 + random.nextInt(frame.length - 12);
    switch (random.nextInt(6)) {
      case 0:
        frame[at] ^= (byte) (1 << random.nextInt(8));
        return frame;
      case 1:
        frame[at] = (byte) random.nextInt();
        return frame;
      case 2:
        return Arrays.copyOf(frame, at);
      case 3:
        int length = Math.min(random.nextInt(20), frame.length - at);
        byte[] doubled = Arrays.copyOf(frame, frame.length + length);
        System.arraycopy(frame, at, doubled, at + length, frame.length - at);
        return doubled;
      case 4:
        if (at + 4 <= frame.length) {
          ByteBuffer.wrap(frame).putInt(at, COUNTS[random.nextInt(COUNTS.length)]);
        }
        return frame;
      default:
        if (at + 5 <= frame.length) {
          Arrays.fill(frame, at, at + 4, (byte) 0xff);
          frame[at + 4] = 0x07;
        }
        return frame;
    }
  }

  /** A frame of this header with a body of random bytes. */
  public byte[] noise(byte[] frame) {
    byte[] bytes = Arrays.copyOf(frame, 12 + 2 + random.nextInt(200));
    for (int i = 12; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) == 0 ? 0 : random.nextInt());
    }
    ByteBuffer.wrap(bytes).putInt(0, bytes.length - 4);
    return bytes;
  }
}
