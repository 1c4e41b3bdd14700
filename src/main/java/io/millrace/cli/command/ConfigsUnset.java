package io.millrace.cli.command;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace configs unset}. Confined to: the main thread. */
@Command(
    name = "unset",
    sortOptions = false,
    description = "Drops settings; what holds for all, or the default, holds again.")
final class ConfigsUnset implements Callable<Integer> {
  private final Shell shell;

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Keys of the settings.")
  private List<String> keys = new ArrayList<>();

  @Mixin private final ConfigTarget target = new ConfigTarget();

  @Mixin private final Common common = new Common();

  ConfigsUnset(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    target.resource();
    List<AlterConfigOp> changes =
        keys.stream()
            .map(key -> new ConfigEntry(key, ""))
            .map(one -> new AlterConfigOp(one, AlterConfigOp.OpType.DELETE))
            .toList();
    try (AdminSession session = common.open(shell)) {
      ConfigChange.apply(session, target, changes);
    }
    Listing listing = Listing.of("unset", "for");
    keys.forEach(key -> listing.add(key, target.words()));
    common.print(listing, shell);
    return 0;
  }
}
