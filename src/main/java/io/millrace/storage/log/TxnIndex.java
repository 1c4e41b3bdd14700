package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions of one segment, in the order of their markers; Kafka's {@code
 * TransactionIndex}. There is no file while there is no aborted transaction. The entries of a
 * sealed segment are read on first use and kept.
 *
 * <p>Thread-safe: {@link #collect}. Confined to the log's owner: all else.
 */
final class TxnIndex {
  /** Bytes of an entry: 2 version, 8 producer id, 8 first, 8 last, 8 last stable offset. */
  static final int ENTRY_BYTES = 34;

  private static final AbortedTxn[] NONE = {};
  private static final short VERSION = 0;

  private final LogFiles files;
  private final LazyFile file;
  private volatile AbortedTxn @Nullable [] entries;

  // Confined to: the log's owner.
  private int written;

  TxnIndex(LogFiles files, LazyFile file) {
    this.files = files;
    this.file = file;
  }

  LazyFile file() {
    return file;
  }

  void add(AbortedTxn txn) throws IOException {
    AbortedTxn[] before = loaded();
    AbortedTxn[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = txn;
    entries = after;
  }

  /** Adds those that overlap [{@code from}, {@code to}). */
  void collect(long from, long to, Consumer<AbortedTxn> into) throws IOException {
    for (AbortedTxn txn : loaded()) {
      if (txn.lastOffset() >= from && txn.firstOffset() < to) {
        into.accept(txn);
      }
    }
  }

  /**
   * Forgets those whose marker is at or behind {@code offset}; the file is cut by the next write.
   */
  void truncateTo(long offset) throws IOException {
    AbortedTxn[] kept =
        Arrays.stream(loaded()).filter(t -> t.lastOffset() < offset).toArray(AbortedTxn[]::new);
    if (kept.length < written) {
      file.get().truncate((long) kept.length * ENTRY_BYTES);
      written = kept.length;
    }
    entries = kept;
  }

  /** Takes the entries of another file over that are below {@code offset}; none is written yet. */
  void copyFrom(TxnIndex other, long offset) throws IOException {
    entries = other.all().stream().filter(t -> t.lastOffset() < offset).toArray(AbortedTxn[]::new);
    written = 0;
  }

  List<AbortedTxn> all() throws IOException {
    return List.of(loaded());
  }

  /** Writes entries that are not in the file yet; false when there are none. */
  boolean write() throws IOException {
    AbortedTxn[] now = entries;
    if (now == null || now.length == written) {
      return false;
    }
    LogFile out = files.exists(file.path()) ? file.get() : file.create();
    ByteBuffer bytes = ByteBuffer.allocate((now.length - written) * ENTRY_BYTES);
    for (int i = written; i < now.length; i++) {
      bytes.putShort(VERSION).putLong(now[i].producerId()).putLong(now[i].firstOffset());
      bytes.putLong(now[i].lastOffset()).putLong(now[i].lastStableOffset());
    }
    out.write(new ByteBuffer[] {bytes.flip()}, (long) written * ENTRY_BYTES);
    written = now.length;
    return true;
  }

  /** Reads the file; entries whose marker is at or behind {@code belowOffset} are left out. */
  void load(long belowOffset) throws IOException {
    AbortedTxn[] read = readFile();
    written = read.length;
    entries = read;
    truncateTo(belowOffset);
  }

  private AbortedTxn[] loaded() throws IOException {
    AbortedTxn[] now = entries;
    if (now == null) {
      now = readFile();
      entries = now;
    }
    return now;
  }

  private AbortedTxn[] readFile() throws IOException {
    if (!file.isOpen() && !files.exists(file.path())) {
      return NONE;
    }
    LogFile in = file.get();
    ByteBuffer bytes = ByteBuffer.allocate((int) (in.size() / ENTRY_BYTES) * ENTRY_BYTES);
    in.read(bytes, 0);
    bytes.flip();
    AbortedTxn[] read = new AbortedTxn[bytes.remaining() / ENTRY_BYTES];
    for (int i = 0; i < read.length; i++) {
      if (bytes.getShort() > VERSION) {
        throw new CorruptLogException(file.path(), i * (long) ENTRY_BYTES, "unknown version");
      }
      read[i] = new AbortedTxn(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
    return read;
  }
}
