package io.millrace.cli;

import io.netty.channel.epoll.Epoll;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.StringConcatException;
import java.lang.invoke.StringConcatFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Begins, beside the main thread, with what every start comes to later: libraries are initialized
 * while the configuration is read. Only what no other thread touches until then, for two threads
 * that initialize the same classes in different orders would wait for each other; {@link
 * #awaitNetwork} is where the ways meet.
 *
 * <p>Thread-safe.
 */
final class HeadStart {
  /** Texts that Logback, Netty and Vert.x put together in a start, by their parts. */
  private static final List<MethodType> TEXTS =
      List.of(
          MethodType.methodType(String.class, String.class),
          MethodType.methodType(String.class, int.class),
          MethodType.methodType(String.class, String.class, String.class),
          MethodType.methodType(String.class, String.class, int.class),
          MethodType.methodType(String.class, String.class, String.class, String.class));

  private final CountDownLatch network = new CountDownLatch(1);

  private HeadStart() {}

  /** Begins on a thread of its own. */
  static HeadStart begin() {
    HeadStart begun = new HeadStart();
    Thread thread = new Thread(begun::run, "head-start");
    thread.setDaemon(true);
    thread.start();
    return begun;
  }

  private void run() {
    try {
      TEXTS.forEach(HeadStart::linkText);
      Epoll.isAvailable();
    } finally {
      network.countDown();
    }
    // Each has a class or more for every error and every request of the protocol.
    Errors.NONE.code();
    ApiKeys.PRODUCE.latestVersion();
  }

  /** The first text of each kind makes Java spin the code of all that follow. */
  private static void linkText(MethodType type) {
    try {
      String parts = "\1 ".repeat(type.parameterCount());
      StringConcatFactory.makeConcatWithConstants(MethodHandles.lookup(), "text", type, parts);
    } catch (StringConcatException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until Netty is initialized. */
  void awaitNetwork() {
    try {
      network.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
