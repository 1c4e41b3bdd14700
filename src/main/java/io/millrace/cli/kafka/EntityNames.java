package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose settings {@code kafka-configs} is about.
 *
 * @param types one, or users and clients together
 * @param names in the order of the types; an empty one stands for all of the type
 *     <p>Immutable.
 */
record EntityNames(List<String> types, List<String> names) {
  private static final List<String> TYPES =
      List.of(
          "broker-loggers",
          "topics",
          "clients",
          "users",
          "brokers",
          "ips",
          "client-metrics",
          "groups");
  private static final Set<String> QUOTAS = Set.of("users", "clients", "ips");

  /** The type, the first of two. */
  String type() {
    return types.get(0);
  }

  /** The type in the singular. */
  String kind() {
    return type().substring(0, type().length() - 1);
  }

  /** The name; empty for all of the type. */
  String name() {
    return names.get(0);
  }

  /** Whether the settings are those of a resource, not quotas or credentials. */
  boolean isResource() {
    return !QUOTAS.contains(type());
  }

  static void checkTypes(List<String> types) {
    Set<String> once = new TreeSet<>();
    List<String> twice = types.stream().filter(one -> !once.add(one)).distinct().toList();
    if (!twice.isEmpty()) {
      throw ToolException.wrongUsage(
          "Duplicate entity type(s) specified: " + String.join(",", twice));
    }
    for (String type : types) {
      if (!TYPES.contains(type)) {
        throw ToolException.wrongUsage(
                "Invalid entity type "
                    + type
                    + ", the entity type must be one of "
                    + String.join(", ", TYPES)
                    + " with a --bootstrap-server or --bootstrap-controller argument")
            .hint("For example: --entity-type topics --entity-name hello.kafka");
      }
    }
    if (types.isEmpty()) {
      throw ToolException.wrongUsage("At least one entity type must be specified")
          .hint("Add for example: --entity-type topics --entity-name hello.kafka");
    }
    if (types.size() > 1 && !once.equals(Set.of("users", "clients"))) {
      throw ToolException.wrongUsage(
          "Only 'users' and 'clients' entity types may be specified together");
    }
  }

  void checkNames() {
    for (String name : names) {
      if (name.isEmpty()) {
        continue;
      }
      if (type().startsWith("broker") && !name.matches("[+-]?\\d{1,9}")) {
        throw ToolException.wrongUsage(
                "The entity name for %s must be a valid integer broker id, but it is: %s"
                    .formatted(type(), name))
            .hint("See the brokers with: millrace brokers");
      }
      if (type().equals("ips") && !isAddress(name)) {
        throw ToolException.wrongUsage(
            "The entity name for %s must be a valid IP or resolvable host, but it is: %s"
                .formatted(type(), name));
      }
    }
  }

  private static boolean isAddress(String name) {
    try {
      InetAddress.getByName(name);
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  void checkDescribe(boolean entityDefault) {
    boolean mayBeDefault = QUOTAS.contains(type()) || type().equals("brokers");
    if (entityDefault && !mayBeDefault) {
      throw ToolException.wrongUsage(
          "--entity-default must not be specified with --describe of " + String.join(",", types));
    }
    if (type().equals("broker-loggers") && !isNamed()) {
      throw ToolException.wrongUsage(
              "An entity name must be specified with --describe of " + String.join(",", types))
          .hint("Add --entity-name ID.");
    }
  }

  void checkAlter() {
    boolean mayBeDefault = QUOTAS.contains(type()) || type().equals("brokers");
    if (mayBeDefault) {
      if (names.isEmpty()) {
        throw ToolException.wrongUsage(
                "An entity-name or default entity must be specified with --alter of users, clients,"
                    + " brokers or ips")
            .hint("Add --entity-name NAME or --entity-default.");
      }
    } else if (!isNamed()) {
      throw ToolException.wrongUsage(
              "An entity name must be specified with --alter of " + String.join(",", types))
          .hint("Add --entity-name NAME.");
    }
    if (types.size() != names.size()) {
      throw ToolException.wrongUsage("An entity name must be specified for every entity type");
    }
  }

  private boolean isNamed() {
    return names.stream().anyMatch(name -> !name.isEmpty());
  }
}
