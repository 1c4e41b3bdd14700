package io.millrace.rest.view;

import io.vertx.core.json.JsonObject;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A topic in the list of topics. Immutable.
 *
 * @param internal whether clients cannot write it
 * @param records records between start and end of the log, of all partitions
 * @param underReplicated partitions with fewer replicas in sync than there are
 * @param offline partitions without a leader, or whose log is offline
 * @param groups groups that have committed offsets in it or read it
 * @param lag most records that a group is behind; null when no group reads it
 */
record TopicRow(
    String name,
    Uuid id,
    boolean internal,
    int partitions,
    int replicationFactor,
    long sizeBytes,
    long records,
    int underReplicated,
    int offline,
    double bytesIn,
    double recordsIn,
    int groups,
    @Nullable Long lag,
    long retentionMs,
    long retentionBytes,
    String cleanupPolicy)
    implements Row {

  @Override
  public Object key() {
    return name;
  }

  @Override
  public JsonObject json() {
    return new JsonObject()
        .put("name", name)
        .put("id", id.toString())
        .put("internal", internal)
        .put("partitions", partitions)
        .put("replicationFactor", replicationFactor)
        .put("sizeBytes", sizeBytes)
        .put("records", records)
        .put("underReplicated", underReplicated)
        .put("offline", offline)
        .put(
            "rates",
            new JsonObject()
                .put("bytesIn", History.rounded(bytesIn))
                .put("recordsIn", History.rounded(recordsIn)))
        .put("groups", groups)
        .put("lag", lag)
        .put("retentionMs", retentionMs)
        .put("retentionBytes", retentionBytes)
        .put("cleanupPolicy", cleanupPolicy);
  }
}
