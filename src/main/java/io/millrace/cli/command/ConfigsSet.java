package io.millrace.cli.command;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace configs set}. Confined to: the main thread. */
@Command(
    name = "set",
    sortOptions = false,
    description = "Makes settings; they hold at once and stay over restarts.")
final class ConfigsSet implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Settings; units are understood: retention.ms=7d, segment.bytes=1gb.")
  private List<String> settings = new ArrayList<>();

  @Mixin private final ConfigTarget target = new ConfigTarget();

  @Mixin private final Common common = new Common();

  ConfigsSet(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    target.resource();
    Map<String, String> values = SettingValues.parse(settings);
    List<AlterConfigOp> changes =
        values.entrySet().stream()
            .map(one -> new ConfigEntry(one.getKey(), one.getValue()))
            .map(one -> new AlterConfigOp(one, AlterConfigOp.OpType.SET))
            .toList();
    try (AdminSession session = common.open(shell)) {
      ConfigChange.apply(session, target, changes);
    }
    Listing listing = Listing.of("set", "value", "for");
    values.forEach(
        (key, value) -> listing.add(key, SettingValues.shown(key, value), target.words()));
    common.print(listing, shell);
    return 0;
  }
}
