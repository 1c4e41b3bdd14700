package io.millrace.cli;

import io.millrace.cli.kafka.ToolVersion;
import java.util.stream.Stream;

/**
 * The main class of a broker that was started by {@code kafka-server-start.sh}, so that {@code jps
 * -m} shows {@code Kafka config/server.properties}, as people look for it. Confined to: the main
 * thread.
 */
public final class Kafka {
  private Kafka() {}

  /**
   * Starts a broker.
   *
   * @param arguments a file, then {@code --override key=value} as often as wanted; the options of
   *     {@code millrace start} too
   */
  public static void main(String[] arguments) {
    if (arguments.length == 0) {
      System.err.println(
          "USAGE: java [options] "
              + Kafka.class.getName()
              + " server.properties [--override property=value]*");
      System.exit(1);
    }
    if (Stream.of(arguments).anyMatch("--version"::equals)) {
      System.out.println(new ToolVersion().getVersion()[0]);
      return;
    }
    Main.main(Stream.concat(Stream.of("start"), Stream.of(arguments)).toArray(String[]::new));
  }
}
