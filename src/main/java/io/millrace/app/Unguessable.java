package io.millrace.app;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * Numbers that nobody can guess, from where {@code SecureRandom} has them on Linux: the kernel.
 * That class sets up all of Java's providers of cryptography when it is used first, 20 ms of a
 * start; it is taken where the kernel has no such file. Reading waits for nothing. Thread-safe.
 */
final class Unguessable {
  private static final Consumer<byte[]> SOURCE = source("/dev/urandom");

  private static final long VERSION_MASK = 0xF000L;
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;
  private static final long VARIANT_2 = 0x8000_0000_0000_0000L;

  private Unguessable() {}

  /** What fills arrays out of a file, which stays open; out of {@code SecureRandom} without it. */
  static Consumer<byte[]> source(String file) {
    try {
      InputStream kernel = new FileInputStream(file);
      return bytes -> read(kernel, bytes);
    } catch (IOException e) {
      return new SecureRandom()::nextBytes;
    }
  }

  private static void read(InputStream from, byte[] bytes) {
    try {
      if (from.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new IOException("the kernel has no more random numbers");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills an array. */
  static void fill(byte[] bytes) {
    SOURCE.accept(bytes);
  }

  /** From 1 to one below the greatest, each as likely as the others. */
  static int positiveInt() {
    while (true) {
      int any = bytes(Integer.BYTES).getInt() & Integer.MAX_VALUE;
      if (any != 0 && any != Integer.MAX_VALUE) {
        return any;
      }
    }
  }

  /** Of version 4, as {@link Uuid#randomUuid}: not one whose text looks like an option. */
  static Uuid uuid() {
    while (true) {
      ByteBuffer any = bytes(2 * Long.BYTES);
      long most = any.getLong() & ~VERSION_MASK | VERSION_4;
      long least = any.getLong() & ~VARIANT_MASK | VARIANT_2;
      Uuid uuid = new Uuid(most, least);
      if (!uuid.toString().startsWith("-")) {
        return uuid;
      }
    }
  }

  private static ByteBuffer bytes(int number) {
    byte[] bytes = new byte[number];
    fill(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
