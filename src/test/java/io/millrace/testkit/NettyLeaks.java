package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class in whose time Netty reported a leaked buffer. The detector sees a leak when
 * the garbage collector does, so this collects before it judges. Confined to: the test's thread.
 */
public final class NettyLeaks implements BeforeAllCallback, AfterAllCallback {
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    reports.start();
    logger().addAppender(reports);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check();
    logger().detachAppender(reports);
  }

  /** Collects garbage and fails when a leak was reported. */
  public void check() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // The detector reports when the next buffer is tracked.
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    List<String> leaks = List.copyOf(reports.list).stream().map(Object::toString).toList();
    assertThat(leaks).isEmpty();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }
}
