package io.millrace.compat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one broker that all scenarios with real clients use; each takes topics and groups of its own.
 * It ends with the test JVM; its files stay below {@code target/it} until the next run.
 * Thread-safe.
 */
final class SharedBroker {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private SharedBroker() {}

  private static final class Running {
    static final BrokerProcess BROKER = BrokerProcess.start(Folders.empty("shared"));
  }

  static BrokerProcess get() {
    return Running.BROKER;
  }

  /** A name that no other scenario uses. */
  static String unique(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }
}
