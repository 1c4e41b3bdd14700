package io.millrace.storage.log.clean;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Remembers for each key of a dirty section the offset of its last record, in 24 bytes a key.
 *
 * <p>Keys are known by 128 bits of their SHA-256 only. Two live keys with the same bits would cost
 * one of them its record, so the digest must be one for which nobody can make such a pair.
 *
 * <p>The table grows with what is put in, up to its bound, so that small sections take little
 * memory. Confined to: the worker that compacts.
 */
final class KeyOffsets {
  private static final int LONGS_PER_ENTRY = 3;
  private static final int INITIAL_SLOTS = 1024;
  private static final double LOAD_FACTOR = 0.75;
  private static final long NO_OFFSET = -1;

  private final MessageDigest digest;
  private final byte[] hash = new byte[32];
  private final ByteBuffer hashLongs = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);
  private final int slotsMax;

  /** Three longs a slot: two of the hash, and the offset plus one, so that 0 means free. */
  private long[] table;

  private int keys;

  /**
   * @param bytesMax bound of the table's size in bytes; at least room for 1,024 slots is used
   */
  KeyOffsets(long bytesMax) {
    long slots = Long.highestOneBit(Math.max(INITIAL_SLOTS, bytesMax / (LONGS_PER_ENTRY * 8L)));
    this.slotsMax = (int) Math.min(slots, 1 << 26);
    this.table = new long[INITIAL_SLOTS * LONGS_PER_ENTRY];
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Remembers a record of a key; a later offset replaces an earlier one.
   *
   * @return false when the key is new and the table is full; nothing changed then
   */
  boolean put(ByteBuffer key, long offset) {
    hash(key);
    int at = find(table, hashLongs.getLong(0), hashLongs.getLong(8));
    if (table[at + 2] == 0) {
      if (keys + 1 > LOAD_FACTOR * slots()) {
        if (slots() == slotsMax) {
          return false;
        }
        grow();
        at = find(table, hashLongs.getLong(0), hashLongs.getLong(8));
      }
      keys++;
      table[at] = hashLongs.getLong(0);
      table[at + 1] = hashLongs.getLong(8);
    }
    table[at + 2] = Math.max(table[at + 2], offset + 1);
    return true;
  }

  /** Offset of the key's last record; −1 when the section has none. */
  long lastOffset(ByteBuffer key) {
    hash(key);
    long stored = table[find(table, hashLongs.getLong(0), hashLongs.getLong(8)) + 2];
    return stored == 0 ? NO_OFFSET : stored - 1;
  }

  /** Number of distinct keys. */
  int size() {
    return keys;
  }

  private int slots() {
    return table.length / LONGS_PER_ENTRY;
  }

  private static int find(long[] table, long high, long low) {
    int mask = table.length / LONGS_PER_ENTRY - 1;
    int slot = (int) high & mask;
    while (true) {
      int at = slot * LONGS_PER_ENTRY;
      if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
        return at;
      }
      slot = (slot + 1) & mask;
    }
  }

  private void grow() {
    long[] old = table;
    long[] larger = new long[old.length * 2];
    for (int from = 0; from < old.length; from += LONGS_PER_ENTRY) {
      if (old[from + 2] != 0) {
        System.arraycopy(
            old, from, larger, find(larger, old[from], old[from + 1]), LONGS_PER_ENTRY);
      }
    }
    table = larger;
  }

  private void hash(ByteBuffer key) {
    try {
      digest.update(key.duplicate());
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256", e);
    }
  }
}
