package io.millrace.rest.view;

import io.millrace.config.BrokerKeys;
import io.millrace.partition.HostedFolder;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One of the log folders. Immutable.
 *
 * @param broker whose folder it is
 * @param path the folder
 * @param totalBytes size of its file system; -1 when unknown
 * @param freeBytes what its file system can still take; -1 when unknown
 * @param logBytes bytes of the logs in it
 * @param reserveBytes free space below which producers are refused
 * @param online false once it failed
 */
record Disk(
    int broker,
    String path,
    long totalBytes,
    long freeBytes,
    long logBytes,
    long reserveBytes,
    boolean online) {
  private static final int LOW_FACTOR = 4;

  /** The folders of this broker. */
  static List<Disk> all(Sources sources) {
    long reserve = sources.cluster().config().get(BrokerKeys.DISK_RESERVE_BYTES);
    return sources.partitions().folders().stream()
        .map(folder -> of(sources.cluster().brokerId(), folder, reserve))
        .toList();
  }

  private static Disk of(int broker, HostedFolder folder, long reserve) {
    return new Disk(
        broker,
        folder.path().toString(),
        folder.totalBytes(),
        folder.usableBytes(),
        folder.logs().stream().mapToLong(HostedFolder.HostedLog::sizeBytes).sum(),
        reserve,
        folder.isOnline());
  }

  /** Whether producers are refused. */
  boolean isFull() {
    return online && freeBytes >= 0 && freeBytes < reserveBytes;
  }

  /** Whether producers will soon be refused. */
  boolean isLow() {
    return online && freeBytes >= 0 && !isFull() && freeBytes < reserveBytes * LOW_FACTOR;
  }

  JsonObject json() {
    return new JsonObject()
        .put("broker", broker)
        .put("path", path)
        .put("totalBytes", totalBytes)
        .put("freeBytes", freeBytes)
        .put("logBytes", logBytes)
        .put("reserveBytes", reserveBytes)
        .put("online", online);
  }
}
