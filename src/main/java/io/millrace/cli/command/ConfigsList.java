package io.millrace.cli.command;

import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace configs list}: keys that there are. Confined to: the main thread. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Lists the keys that this release knows; needs no broker.")
final class ConfigsList implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "0..1", paramLabel = "PART", description = "Only keys that contain this.")
  private @Nullable String part;

  @Option(names = "--topics", description = "Keys of topics; the default.")
  private boolean topics;

  @Option(names = "--brokers", description = "Keys of brokers.")
  private boolean brokers;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  ConfigsList(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (topics && brokers) {
      throw ToolException.wrongUsage("Name one of --topics and --brokers");
    }
    Listing listing = Listing.of("key", "default", "type", "change", "effect");
    Collection<Key<?>> keys = brokers ? KnownKeys.broker() : KnownKeys.topic();
    for (Key<?> key : keys) {
      if (part == null || key.name().contains(part)) {
        add(listing, key);
      }
    }
    listing.print(shell, json);
    return 0;
  }

  private <T> void add(Listing listing, Key<T> key) {
    String fallback = key.fallback() == null ? "" : key.type().writer().apply(key.fallback());
    listing.add(
        key.name(),
        fallback.isEmpty() ? "" : SettingValues.shown(key.name(), fallback),
        key.type().kafkaType().toString().toLowerCase(Locale.ROOT),
        change(key),
        key.effect().acts() ? "yes" : "no: " + key.effect().why());
  }

  private String change(Key<?> key) {
    if (!brokers) {
      return "live";
    }
    return switch (key.update()) {
      case AT_START -> "restart";
      case PER_BROKER -> "live, per broker";
      case CLUSTER_WIDE -> "live";
    };
  }
}
