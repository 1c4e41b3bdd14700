package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Changes settings of one target. Stateless. */
final class ConfigChange {
  private ConfigChange() {}

  /**
   * Changes them.
   *
   * @throws ToolException with a hint when a key is not known
   */
  static void apply(AdminSession session, ConfigTarget target, List<AlterConfigOp> changes) {
    ConfigResource resource = target.resource();
    if (resource.type() == ConfigResource.Type.TOPIC) {
      TopicSelection.named(session, List.of(resource.name()), true);
    }
    Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(resource, changes);
    try {
      await(session.admin().incrementalAlterConfigs(change).all());
    } catch (InvalidConfigurationException | InvalidRequestException e) {
      ToolException wrong = ToolException.failed(e.getMessage()).because(e);
      List<String> keys = changes.stream().map(one -> one.configEntry().name()).toList();
      throw ConfigKeyHints.add(target.hint(keys), wrong);
    }
  }
}
