package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/**
 * Quotas of users, clients and addresses, and credentials of users, as {@code kafka-configs} shows
 * them. Confined to: the main thread.
 */
final class QuotaConfigs {
  private static final Set<String> QUOTAS =
      Set.of(
          "producer_byte_rate",
          "consumer_byte_rate",
          "request_percentage",
          "controller_mutation_rate");
  private static final Set<String> ADDRESS_QUOTAS = Set.of("connection_creation_rate");

  /** Entity types of the protocol with the words for them, in the order of the output. */
  private static final List<String> TYPES =
      List.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID, ClientQuotaEntity.IP);

  private final AdminSession session;
  private final Shell shell;

  QuotaConfigs(AdminSession session, Shell shell) {
    this.session = session;
    this.shell = shell;
  }

  private static String protocolType(String type) {
    return switch (type) {
      case "users" -> ClientQuotaEntity.USER;
      case "clients" -> ClientQuotaEntity.CLIENT_ID;
      default -> ClientQuotaEntity.IP;
    };
  }

  /** Prints quotas, and credentials where users are meant. */
  void describe(EntityNames entity) {
    quotas(entity).forEach(this::print);
    if (!entity.types().contains("clients")
        && !entity.types().contains("ips")
        && !entity.names().contains("")) {
      describeCredentials(entity.names());
    }
  }

  private Map<ClientQuotaEntity, Map<String, Double>> quotas(EntityNames entity) {
    if (entity.names().size() > entity.types().size()) {
      throw ToolException.wrongUsage("More entity names specified than entity types");
    }
    List<ClientQuotaFilterComponent> parts = new ArrayList<>();
    for (int i = 0; i < entity.types().size(); i++) {
      String type = protocolType(entity.types().get(i));
      if (i >= entity.names().size()) {
        parts.add(ClientQuotaFilterComponent.ofEntityType(type));
      } else if (entity.names().get(i).isEmpty()) {
        parts.add(ClientQuotaFilterComponent.ofDefaultEntity(type));
      } else {
        parts.add(ClientQuotaFilterComponent.ofEntity(type, entity.names().get(i)));
      }
    }
    return await(
        session.admin().describeClientQuotas(ClientQuotaFilter.containsOnly(parts)).entities());
  }

  private void print(ClientQuotaEntity entity, Map<String, Double> quotas) {
    String whose =
        TYPES.stream()
            .filter(entity.entries()::containsKey)
            .map(type -> words(type, entity.entries().get(type)))
            .collect(Collectors.joining(", "));
    String values =
        quotas.entrySet().stream()
            .map(one -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining(", "));
    shell.out().println("Quota configs for " + whose + " are " + values);
  }

  private static String words(String type, String name) {
    String kind = type.equals(ClientQuotaEntity.USER) ? "user-principal" : type;
    return name == null || name.isEmpty() ? "the default " + kind : kind + " '" + name + "'";
  }

  private void describeCredentials(List<String> users) {
    DescribeUserScramCredentialsResult result = session.admin().describeUserScramCredentials(users);
    for (String user : await(result.users())) {
      try {
        String credentials =
            await(result.description(user)).credentialInfos().stream()
                .map(one -> one.mechanism().mechanismName() + "=iterations=" + one.iterations())
                .collect(Collectors.joining(", "));
        shell
            .out()
            .println(
                "SCRAM credential configs for user-principal '" + user + "' are " + credentials);
      } catch (KafkaException e) {
        shell
            .out()
            .println(
                "Error retrieving SCRAM credential configs for user-principal '%s': %s: %s"
                    .formatted(user, e.getClass().getSimpleName(), e.getMessage()));
      }
    }
  }

  /** Makes and drops quotas or credentials. */
  void alter(EntityNames entity, ConfigPairs pairs) {
    boolean ofAddress = entity.type().equals("ips");
    boolean ofClient = entity.types().contains("clients");
    Predicate<String> quota = ofAddress ? ADDRESS_QUOTAS::contains : QUOTAS::contains;
    if (ofAddress) {
      checkKeys(pairs.keys(), quota, "Only connection quota configs can be added for 'ips'");
      alterQuotas(entity, pairs);
    } else if (ofClient) {
      checkKeys(pairs.added().keySet(), quota, "Only quota configs can be added for 'clients'");
      checkKeys(pairs.deleted(), quota, "Only quota configs can be deleted for 'clients'");
      alterQuotas(entity, pairs);
    } else {
      alterUser(entity, pairs);
    }
  }

  private void alterUser(EntityNames entity, ConfigPairs pairs) {
    Predicate<String> known = key -> QUOTAS.contains(key) || ScramPairs.isMechanism(key);
    checkKeys(
        pairs.added().keySet(),
        known,
        "Only quota and SCRAM credential configs can be added for 'users'");
    checkKeys(
        pairs.deleted(),
        known,
        "Only quota and SCRAM credential configs can be deleted for 'users'");
    if (pairs.keys().stream().noneMatch(ScramPairs::isMechanism)) {
      alterQuotas(entity, pairs);
      return;
    }
    if (entity.name().isEmpty()) {
      throw ToolException.wrongUsage(
          "The use of --entity-default or --user-defaults is not allowed with User SCRAM"
              + " Credentials using --bootstrap-server.");
    }
    if (pairs.keys().stream().anyMatch(QUOTAS::contains)) {
      throw ToolException.wrongUsage(
              "Cannot alter both quota and SCRAM credential configs simultaneously for 'users'"
                  + " using --bootstrap-server.")
          .hint("Type two commands, one for each.");
    }
    await(
        session
            .admin()
            .alterUserScramCredentials(ScramPairs.alterations(entity.name(), pairs))
            .all());
  }

  private static void checkKeys(Iterable<String> keys, Predicate<String> known, String sentence) {
    List<String> unknown = new ArrayList<>();
    keys.forEach(
        key -> {
          if (!known.test(key)) {
            unknown.add(key);
          }
        });
    if (!unknown.isEmpty()) {
      throw ToolException.wrongUsage(
          sentence
              + " using --bootstrap-server. Unexpected config names: "
              + String.join(",", unknown));
    }
  }

  private void alterQuotas(EntityNames entity, ConfigPairs pairs) {
    Map<String, Double> old = quotas(entity).values().stream().findFirst().orElse(Map.of());
    List<String> absent = pairs.deleted().stream().filter(key -> !old.containsKey(key)).toList();
    if (!absent.isEmpty()) {
      throw ToolException.failed("Invalid config(s): " + String.join(",", absent))
          .hint("They are not set; see what is with --describe.");
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < entity.types().size(); i++) {
      String name = entity.names().get(i);
      names.put(protocolType(entity.types().get(i)), name.isEmpty() ? null : name);
    }
    List<ClientQuotaAlteration.Op> changes = new ArrayList<>();
    pairs
        .added()
        .forEach((key, value) -> changes.add(new ClientQuotaAlteration.Op(key, rate(key, value))));
    pairs.deleted().forEach(key -> changes.add(new ClientQuotaAlteration.Op(key, null)));
    ClientQuotaAlteration change = new ClientQuotaAlteration(new ClientQuotaEntity(names), changes);
    await(session.admin().alterClientQuotas(List.of(change)).all());
  }

  private static Double rate(String key, String value) {
    try {
      return Objects.requireNonNull(Double.valueOf(value));
    } catch (NumberFormatException e) {
      throw ToolException.wrongUsage(
              "Cannot parse quota configuration value for " + key + ": " + value)
          .because(e);
    }
  }
}
