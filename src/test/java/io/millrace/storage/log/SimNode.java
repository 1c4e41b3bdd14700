package io.millrace.storage.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder of a simulated disk: what calls see of it, and what of that was forced. A crash
 * leaves what was forced and any part of what was not.
 *
 * <p>Confined to: the test's thread.
 */
sealed interface SimNode permits SimNode.File, SimNode.Dir {
  /** The power goes: what calls see from now on is what the disk has kept. */
  void crash(Random random);

  /** A change of the names in a folder. */
  sealed interface NameChange permits Create, Rename, Delete {}

  record Create(String name, SimNode node) implements NameChange {}

  record Rename(String from, String to) implements NameChange {}

  record Delete(String name) implements NameChange {}

  /** A folder. */
  final class Dir implements SimNode {
    Map<String, SimNode> live = new TreeMap<>();
    private Map<String, SimNode> durable = new TreeMap<>();
    private final List<NameChange> unforced = new ArrayList<>();

    void change(NameChange change) {
      apply(live, change);
      unforced.add(change);
    }

    private static void apply(Map<String, SimNode> names, NameChange change) {
      if (change instanceof Create create) {
        names.put(create.name(), create.node());
      } else if (change instanceof Rename rename) {
        SimNode node = names.remove(rename.from());
        if (node != null) {
          names.put(rename.to(), node);
        }
      } else if (change instanceof Delete delete) {
        names.remove(delete.name());
      }
    }

    void force() {
      durable = new TreeMap<>(live);
      unforced.clear();
    }

    @Override
    public void crash(Random random) {
      int mode = random.nextInt(4);
      for (NameChange change : unforced) {
        if (mode == 0 || (mode > 1 && random.nextBoolean())) {
          apply(durable, change);
        }
      }
      live = new TreeMap<>(durable);
      unforced.clear();
      durable.values().forEach(node -> node.crash(random));
    }
  }

  /** An unforced change of a file: bytes at a position, or a new size when there are none. */
  record Change(long position, byte @Nullable [] bytes) {}

  /** A file. */
  final class File implements SimNode {
    byte[] bytes = {};
    int size;
    private byte[] durable = {};
    private final List<Change> unforced = new ArrayList<>();

    void write(long position, byte[] data) {
      put(position, data);
      unforced.add(new Change(position, data));
    }

    private void put(long position, byte[] data) {
      int end = (int) position + data.length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      System.arraycopy(data, 0, bytes, (int) position, data.length);
      size = Math.max(size, end);
    }

    void truncate(long newSize) {
      if (newSize < size) {
        cut(newSize);
        unforced.add(new Change(newSize, null));
      }
    }

    private void cut(long newSize) {
      if (newSize < size) {
        Arrays.fill(bytes, (int) newSize, size, (byte) 0);
        size = (int) newSize;
      }
    }

    void force() {
      durable = Arrays.copyOf(bytes, size);
      unforced.clear();
    }

    @Override
    public void crash(Random random) {
      bytes = durable.clone();
      size = durable.length;
      int mode = random.nextInt(4);
      for (Change change : unforced) {
        if (mode == 0 || (mode > 1 && random.nextBoolean())) {
          survive(change, random);
        }
      }
      durable = Arrays.copyOf(bytes, size);
      unforced.clear();
    }

    private void survive(Change change, Random random) {
      if (change.bytes() == null) {
        cut(change.position());
      } else if (random.nextInt(3) > 0) {
        put(change.position(), change.bytes());
      } else {
        int from = random.nextInt(2) * random.nextInt(change.bytes().length + 1);
        int to = from + random.nextInt(change.bytes().length - from + 1);
        put(change.position() + from, Arrays.copyOfRange(change.bytes(), from, to));
      }
    }
  }
}
