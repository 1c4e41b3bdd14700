package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whose settings are meant, long and short. */
final class EntityArguments {
  @Option(
      names = "--entity-type",
      paramLabel = "TYPE",
      description =
          "Whose settings: topics, brokers, broker-loggers, users, clients, ips, groups or"
              + " client-metrics; users and clients can be given together.")
  private List<String> types = new ArrayList<>();

  @Option(names = "--entity-name", paramLabel = "NAME", description = "Name or number of it.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--entity-default", description = "Instead of a name: what holds for all.")
  private boolean[] defaults = {};

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Short for a topic.")
  private @Nullable String topic;

  @Option(names = "--client", paramLabel = "ID", description = "Short for a client.")
  private @Nullable String client;

  @Option(names = "--client-defaults", description = "Short for all clients.")
  private boolean clientDefaults;

  @Option(names = "--user", paramLabel = "NAME", description = "Short for a user.")
  private @Nullable String user;

  @Option(names = "--user-defaults", description = "Short for all users.")
  private boolean userDefaults;

  @Option(names = "--broker", paramLabel = "ID", description = "Short for a broker.")
  private @Nullable String broker;

  @Option(names = "--broker-defaults", description = "Short for all brokers.")
  private boolean brokerDefaults;

  @Option(names = "--broker-logger", paramLabel = "ID", description = "Short for its log levels.")
  private @Nullable String brokerLogger;

  @Option(names = "--ip", paramLabel = "IP", description = "Short for a client's address.")
  private @Nullable String ip;

  @Option(names = "--ip-defaults", description = "Short for all addresses.")
  private boolean ipDefaults;

  @Option(names = "--group", paramLabel = "ID", description = "Short for a group.")
  private @Nullable String group;

  @Option(names = "--client-metrics", paramLabel = "NAME", description = "Short for such a set.")
  private @Nullable String clientMetrics;

  /**
   * What was named.
   *
   * @param typed the whole command line, for the order of names and defaults
   */
  EntityNames names(List<String> typed, OptionRules rules) {
    Map<String, String> flags = flags();
    List<String> allTypes = new ArrayList<>(types);
    allTypes.addAll(flags.keySet());
    List<String> allNames = inOrder(typed);
    allNames.addAll(flags.values());
    boolean mixed =
        rules.has("--entity-type") || rules.has("--entity-name") || rules.has("--entity-default");
    EntityNames.checkTypes(allTypes);
    if (mixed && !flags.isEmpty()) {
      throw ToolException.wrongUsage(
              "--entity-{type,name,default} should not be used in conjunction with specific entity"
                  + " flags")
          .hint("Write either --entity-type topics --entity-name NAME, or --topic NAME.");
    }
    EntityNames named = new EntityNames(allTypes, allNames);
    named.checkNames();
    return named;
  }

  /** Names by type, as the short options give them; an empty name stands for all. */
  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    add(flags, "topics", topic, false);
    add(flags, "clients", client, clientDefaults);
    add(flags, "users", user, userDefaults);
    add(flags, "brokers", broker, brokerDefaults);
    add(flags, "broker-loggers", brokerLogger, false);
    add(flags, "ips", ip, ipDefaults);
    add(flags, "client-metrics", clientMetrics, false);
    add(flags, "groups", group, false);
    return flags;
  }

  private static void add(
      Map<String, String> flags, String type, @Nullable String name, boolean defaults) {
    if (name != null) {
      flags.put(type, name);
    } else if (defaults) {
      flags.put(type, "");
    }
  }

  private List<String> inOrder(List<String> typed) {
    List<String> order = new ArrayList<>();
    int next = 0;
    for (String one : typed) {
      if (one.equals("--entity-name") || one.startsWith("--entity-name=")) {
        order.add(names.get(next++));
      } else if (one.equals("--entity-default")) {
        order.add("");
      }
    }
    return order;
  }
}
