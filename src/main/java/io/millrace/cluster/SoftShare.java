package io.millrace.cluster;

import io.millrace.eventloop.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Values that every broker may see: what one broker publishes, the others hear of soon. Nothing is
 * decided by it, for all of it can be late, frozen, split or lost; who published a value goes on
 * holding the truth, and it is published again when brokers meet again.
 *
 * <p>Keys are grouped into spaces, such as {@code groups}. A value belongs to whoever published its
 * key last.
 *
 * <p>Thread-safe; no method blocks.
 */
public interface SoftShare {
  /** Largest value in bytes; larger ones are refused. */
  int VALUE_BYTES_MAX = 1 << 20;

  /** A broker that is alone: nothing is shared, and nothing is heard. */
  SoftShare NONE =
      new SoftShare() {
        @Override
        public boolean publish(String space, String key, byte[] value) {
          return true;
        }

        @Override
        public void remove(String space, String key) {}

        @Override
        public void release(String space, String key) {}

        @Override
        public void follow(String space, EventLoop loop, Listener listener) {}
      };

  /** Hears of the values of one space. */
  interface Listener {
    /**
     * A value was published, replaced or taken away. Values that this broker published may be told
     * as well; the same value may be told more than once.
     *
     * @param value the value; null when it was taken away. Not to be changed
     */
    void changed(String key, byte @Nullable [] value);
  }

  /**
   * Publishes a value in place of the one before. Of values of one key that follow each other
   * quickly, others may see only the last.
   *
   * @return false when the value or the number of keys is over its limit and nothing was shared
   */
  boolean publish(String space, String key, byte[] value);

  /** Takes a value away, whoever published it. */
  void remove(String space, String key);

  /**
   * Leaves a value to whoever publishes the key next: it stays visible for some minutes, and this
   * broker does not publish it again when brokers meet again. For what moved to another broker.
   */
  void release(String space, String key);

  /**
   * Tells {@code listener}, on {@code loop}, of all values that are there now and of each change
   * from then on, for as long as the broker runs.
   */
  void follow(String space, EventLoop loop, Listener listener);
}
