package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace configs describe}. Confined to: the main thread. */
@Command(
    name = "describe",
    sortOptions = false,
    description = "Shows settings and where each comes from.")
final class ConfigsDescribe implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "0..1", paramLabel = "PART", description = "Only keys that contain this.")
  private @Nullable String part;

  @Mixin private final ConfigTarget target = new ConfigTarget();

  @Option(
      names = {"-a", "--all"},
      description = "Also those that were not set for it.")
  private boolean all;

  @Mixin private final Common common = new Common();

  ConfigsDescribe(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ConfigResource resource = target.resource();
    Listing listing = Listing.of("key", "value", "source");
    try (AdminSession session = common.open(shell)) {
      if (resource.type() == ConfigResource.Type.TOPIC) {
        TopicSelection.named(session, List.of(resource.name()), true);
      }
      await(session.admin().describeConfigs(List.of(resource)).all())
          .get(resource)
          .entries()
          .stream()
          .filter(this::isWanted)
          .sorted(Comparator.comparing(ConfigEntry::name))
          .forEach(one -> listing.add(one.name(), SettingValues.shown(one), source(one)));
    }
    if (listing.size() == 0 && shell.outIsTerminal() && !common.json()) {
      shell.hint("nothing is set for " + target.words() + "; --all shows what holds");
    } else {
      common.print(listing, shell);
    }
    return 0;
  }

  private boolean isWanted(ConfigEntry entry) {
    boolean own = entry.source() == target.ownSource();
    return (all || own) && (part == null || entry.name().contains(part));
  }

  private static String source(ConfigEntry entry) {
    return switch (entry.source()) {
      case DYNAMIC_TOPIC_CONFIG -> "topic";
      case DYNAMIC_BROKER_CONFIG -> "broker";
      case DYNAMIC_DEFAULT_BROKER_CONFIG -> "all brokers";
      case STATIC_BROKER_CONFIG -> "file";
      case DEFAULT_CONFIG -> "default";
      default -> entry.source().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
