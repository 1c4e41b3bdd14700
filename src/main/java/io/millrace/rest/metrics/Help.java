package io.millrace.rest.metrics;

import java.util.Map;

/** What metrics mean, in words. Stateless. */
final class Help {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("network.requests", "Requests of the Kafka protocol."),
          Map.entry("network.request.bytes", "Bytes of requests of the Kafka protocol."),
          Map.entry("network.connections", "Open connections of the Kafka protocol."),
          Map.entry(
              "group.memory.bytes", "Estimated heap of groups; group.memory.bytes limits it."),
          Map.entry(
              "producer.id.memory.bytes",
              "Estimated heap of producers with ids; producer.id.memory.bytes limits it."),
          Map.entry("web.connections", "Open connections of the web door, sockets among them."),
          Map.entry("network.connections.opened", "Connections that were opened."),
          Map.entry("network.request.memory.bytes", "Memory of requests that are in flight."),
          Map.entry("peer.requests", "Requests of other brokers."),
          Map.entry("peer.request.bytes", "Bytes of requests of other brokers."),
          Map.entry("peer.connections", "Open connections of other brokers."),
          Map.entry("peer.connections.opened", "Connections that other brokers opened."),
          Map.entry("peer.request.memory.bytes", "Memory of requests of other brokers."),
          Map.entry("storage.append.acknowledged", "Appends that were acknowledged."),
          Map.entry("storage.append.bytes", "Bytes of batches that were appended."),
          Map.entry("storage.append.writes", "Gathering writes."),
          Map.entry("storage.flush.forces", "Logs that were forced to disk."),
          Map.entry(
              "storage.flush.rounds",
              "Times that flushers started forces, of one log or of several."),
          Map.entry("storage.flush.us.count", "Forces whose time was taken."),
          Map.entry("storage.flush.us.sum", "Time of all forces in microseconds."),
          Map.entry("storage.flush.us.max", "Longest force in microseconds."),
          Map.entry("storage.recovery.scanned.bytes", "Bytes that recovery read at the start."),
          Map.entry("storage.retention.segments", "Segments that retention deleted."),
          Map.entry("storage.compaction.read.bytes", "Bytes that compaction read."),
          Map.entry("fetch.bytes", "Bytes of batches that were fetched."),
          Map.entry("fetch.records", "Records that consumers with fetch sessions went past."),
          Map.entry("push.batches.read", "Reads of batches for browsers."),
          Map.entry("push.frames.encoded", "Frames that were encoded for browsers."),
          Map.entry("push.frames.private", "Frames that were encoded for one browser alone."),
          Map.entry("push.frames.delivered", "Frames that were written to browsers."),
          Map.entry("push.records.delivered", "Records that were written to browsers."),
          Map.entry("push.bytes.delivered", "Bytes that were written to browsers."),
          Map.entry("push.flushes", "Flushes of sockets of browsers."),
          Map.entry("push.frames.refused", "Frames of browsers that were refused."));

  private Help() {}

  static String of(String name) {
    return TEXTS.getOrDefault(name, "What the broker counts as " + name + ".");
  }
}
