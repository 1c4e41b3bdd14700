package io.millrace.app;

/**
 * What the command line adds to the configuration of one start. Immutable.
 *
 * @param importsKafkaFolder whether folders that Apache Kafka wrote are taken over
 * @param founds whether a cluster is founded though hosts that may belong to one are silent
 */
public record StartOptions(boolean importsKafkaFolder, boolean founds) {
  /** A plain start. */
  public static final StartOptions PLAIN = new StartOptions(false, false);
}
