package io.millrace.app;

/**
 * What the command line adds to the configuration of one start. Immutable.
 *
 * @param importsKafkaFolder whether folders that Apache Kafka wrote are taken over
 */
public record StartOptions(boolean importsKafkaFolder) {
  /** A plain start. */
  public static final StartOptions PLAIN = new StartOptions(false);
}
