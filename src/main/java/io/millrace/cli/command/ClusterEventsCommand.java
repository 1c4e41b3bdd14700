package io.millrace.cli.command;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cli.tool.WebDoor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code millrace cluster events}: what happened lately. Any broker answers, by its web door.
 * Confined to: the main thread.
 */
@Command(
    name = "events",
    sortOptions = false,
    description =
        "Shows what happened lately, oldest first: brokers that join and leave, elections, replicas"
            + " that fall behind and catch up, moves.")
final class ClusterEventsCommand implements Callable<Integer> {
  private static final int SHOWN = 50;

  private final Shell shell;

  @Mixin private final Common common = new Common();

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "Most events, the newest; 50 unless given.")
  private int max = SHOWN;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only of this kind: broker, leader, isr, topic, controller, ...")
  private @Nullable String kind;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Web door of a broker; found by way of the brokers when it is not named.")
  private @Nullable String http;

  ClusterEventsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (max < 1 || kind != null && !kind.matches("[a-z.-]+")) {
      throw ToolException.wrongUsage(
          max < 1 ? "--max takes a number above 0" : "'" + kind + "' is no kind of event");
    }
    String query = "/api/v1/events?limit=" + max + (kind == null ? "" : "&kind=" + kind);
    JsonArray events = door().get(query).getJsonArray("events", new JsonArray());
    Listing listing = Listing.of("time", "broker", "kind", "level", "event");
    for (int i = 0; i < events.size(); i++) {
      JsonObject event = events.getJsonObject(i);
      listing.add(
          Instant.ofEpochMilli(event.getLong("atMs", 0L)).truncatedTo(ChronoUnit.MILLIS).toString(),
          event.getInteger("broker", -1),
          event.getString("kind", ""),
          event.getString("level", ""),
          event.getString("text", ""));
    }
    common.print(listing, shell);
    return 0;
  }

  private WebDoor door() {
    if (http != null) {
      return WebDoor.at(http);
    }
    try (AdminSession session = common.open(shell)) {
      return WebDoor.of(session);
    }
  }
}
