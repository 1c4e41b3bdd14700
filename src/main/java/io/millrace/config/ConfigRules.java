package io.millrace.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold between keys, beyond the rule of each. */
final class ConfigRules {
  private ConfigRules() {}

  /** Sentences about what does not hold; empty when all is well. */
  static List<String> problems(BrokerConfig config) {
    List<String> problems = new ArrayList<>();
    listeners(config, problems);
    if (config.get(BrokerKeys.GROUP_MIN_SESSION_TIMEOUT_MS)
        > config.get(BrokerKeys.GROUP_MAX_SESSION_TIMEOUT_MS)) {
      problems.add("group.min.session.timeout.ms is larger than group.max.session.timeout.ms");
    }
    if (config.get(BrokerKeys.LOG_CLEANER_MIN_COMPACTION_LAG_MS)
        > config.get(BrokerKeys.LOG_CLEANER_MAX_COMPACTION_LAG_MS)) {
      problems.add(
          "log.cleaner.min.compaction.lag.ms is larger than log.cleaner.max.compaction.lag.ms");
    }
    if (config.get(BrokerKeys.LOG_RETENTION_MS) == 0) {
      problems.add("the retention time must be -1 (never delete) or more than 0");
    }
    if (config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP) == 0
        && config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES).isBlank()) {
      problems.add(
          "max.connections.per.ip can be 0 only where max.connections.per.ip.overrides lets some"
              + " in");
    }
    List<String> folders = config.get(BrokerKeys.LOG_DIRS);
    if (new HashSet<>(folders).size() < folders.size()) {
      problems.add("log.dirs has the same folder twice: " + String.join(",", folders));
    }
    identity(config, problems);
    company(config, problems);
    return problems;
  }

  private static void listeners(BrokerConfig config, List<String> problems) {
    try {
      Listener.advertised(config);
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }

  private static void identity(BrokerConfig config, List<String> problems) {
    int node = config.get(BrokerKeys.NODE_ID);
    int broker = config.get(BrokerKeys.BROKER_ID);
    if (config.isWritten(BrokerKeys.BROKER_ID) && broker >= 0 && node != broker) {
      problems.add("node.id is " + node + " and broker.id is " + broker + "; write one of them");
    }
  }

  private static void company(BrokerConfig config, List<String> problems) {
    int expected = config.get(BrokerKeys.CLUSTER_EXPECTED_BROKERS);
    if (expected > 1
        && config.get(BrokerKeys.CLUSTER_JOIN).isEmpty()
        && config.find(BrokerKeys.ZOOKEEPER_CONNECT).filter(text -> !text.isBlank()).isEmpty()) {
      problems.add(
          "cluster.expected.brokers is "
              + expected
              + " and nothing says where the others are: name the hosts of all brokers in"
              + " cluster.join, or leave cluster.expected.brokers out to run alone");
    }
  }
}
