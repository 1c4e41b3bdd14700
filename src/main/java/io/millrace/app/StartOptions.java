package io.millrace.app;

/**
 * What the command line adds to the configuration of one start. Immutable.
 *
 * @param importsKafkaFolder whether folders that Apache Kafka wrote are taken over
 * @param founds whether a cluster is founded though hosts that may belong to one are silent
 * @param recoversMetadata whether the cluster's metadata goes on from this broker's alone, because
 *     most of those that carried it are lost
 * @param givesUpFolders whether what lay in data folders that are gone is given up
 */
public record StartOptions(
    boolean importsKafkaFolder, boolean founds, boolean recoversMetadata, boolean givesUpFolders) {
  /** A plain start. */
  public static final StartOptions PLAIN = new StartOptions(false, false, false, false);
}
