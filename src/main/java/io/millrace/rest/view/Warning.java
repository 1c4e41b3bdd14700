package io.millrace.rest.view;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody should do. Immutable.
 *
 * @param code what it is, for programs
 * @param bad whether something is broken by now
 * @param text what is wrong
 * @param fix what to do
 * @param command a command that helps, or null
 * @param link page of the console that shows more, or null
 */
record Warning(
    String code,
    boolean bad,
    String text,
    String fix,
    @Nullable String command,
    @Nullable String link) {

  /** All that is wrong now, the worst first. */
  static List<Warning> all(ClusterImage image, Survey survey, List<Disk> disks) {
    List<Warning> found = new ArrayList<>();
    disks.forEach(disk -> add(found, disk));
    partitions(found, survey.counts());
    for (BrokerImage broker : image.brokers().values()) {
      if (broker.fenced()) {
        found.add(
            new Warning(
                "broker.fenced",
                true,
                "Broker " + broker.id() + " is not there.",
                "Start it again; its partitions are led by others where they have replicas.",
                "bin/millrace start",
                "/brokers"));
      }
    }
    found.sort((one, other) -> Boolean.compare(other.bad, one.bad));
    return found;
  }

  private static void add(List<Warning> found, Disk disk) {
    if (!disk.online()) {
      found.add(
          new Warning(
              "disk.failed",
              true,
              "The log folder " + disk.path() + " failed; its partitions are offline.",
              "Mend or replace the disk, then start the broker again; its log says what failed.",
              null,
              "/brokers"));
    } else if (disk.isFull()) {
      found.add(
          new Warning(
              "disk.full",
              true,
              "The disk of " + disk.path() + " is full: producers are refused.",
              "Delete topics or records, or give the disk more room; producing then goes on by"
                  + " itself.",
              null,
              "/topics?sort=-sizeBytes"));
    } else if (disk.isLow()) {
      found.add(
          new Warning(
              "disk.low",
              false,
              "The disk of " + disk.path() + " is nearly full.",
              "Shorten the retention of large topics, or give the disk more room.",
              null,
              "/topics?sort=-sizeBytes"));
    }
  }

  private static void partitions(List<Warning> found, Survey.Counts counts) {
    if (counts.offline() > 0) {
      found.add(
          new Warning(
              "partitions.offline",
              true,
              counted(counts.offline(), "partition is", "partitions are") + " offline.",
              "Look which folder failed or which broker is away.",
              "bin/kafka-topics.sh --describe --unavailable-partitions",
              "/topics?sort=-offline"));
    }
    if (counts.underReplicated() > 0) {
      found.add(
          new Warning(
              "partitions.underReplicated",
              false,
              counted(counts.underReplicated(), "partition has", "partitions have")
                  + " fewer replicas in sync than there should be.",
              "Look which broker is away or behind.",
              "bin/kafka-topics.sh --describe --under-replicated-partitions",
              "/topics?sort=-underReplicated"));
    }
  }

  private static String counted(int count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  /** All of it in one word and a sentence. */
  static JsonObject health(List<Warning> warnings) {
    if (warnings.isEmpty()) {
      return new JsonObject().put("state", "ok").put("text", "All is well.");
    }
    Warning worst = warnings.get(0);
    return new JsonObject().put("state", worst.bad ? "bad" : "warn").put("text", worst.text);
  }

  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("code", code)
            .put("level", bad ? "bad" : "warn")
            .put("text", text)
            .put("fix", fix);
    if (command != null) {
      json.put("command", command);
    }
    return link == null ? json : json.put("link", link);
  }
}
