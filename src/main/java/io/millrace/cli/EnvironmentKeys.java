package io.millrace.cli;

import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import io.millrace.config.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads keys from environment variables: {@code KAFKA_LOG_DIRS} and {@code MILLRACE_LOG_DIRS} are
 * {@code log.dirs}; the second goes before the first. Stateless.
 */
final class EnvironmentKeys {
  /** Kafka's first, since what comes later counts. */
  private static final List<String> PREFIXES = List.of("KAFKA_", "MILLRACE_");

  /** Variables that scripts, images and the tools read themselves. */
  private static final Set<String> OF_SCRIPTS =
      Set.of(
          "HEAP_OPTS",
          "OPTS",
          "JVM_PERFORMANCE_OPTS",
          "GC_LOG_OPTS",
          "JMX_OPTS",
          "JMX_PORT",
          "JMX_HOSTNAME",
          "LOG4J_OPTS",
          "LOG4J_CMD_OPTS",
          "LOG4J_LOGGERS",
          "LOG4J_ROOT_LOGLEVEL",
          "TOOLS_LOG4J_LOGLEVEL",
          "DEBUG",
          "MODE",
          "VERSION",
          "HOME",
          "CONFIG",
          "DATA",
          "CLUSTER_ID",
          "USER",
          "CLASSPATH",
          "BOOTSTRAP",
          "BOOTSTRAP_SERVERS",
          "START_SECONDS");

  /** What Kubernetes sets for a service of the name "kafka" or "millrace". */
  private static final Pattern OF_KUBERNETES = Pattern.compile("(SERVICE_|PORT(_|$)).*");

  private EnvironmentKeys() {}

  /** The keys that the variables name, in rising precedence. */
  static List<Written> read(Map<String, String> environment) {
    Map<String, String> sorted = new TreeMap<>(environment);
    List<Written> written = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (String prefix : PREFIXES) {
      sorted.forEach(
          (variable, text) -> {
            if (isKey(variable, prefix)) {
              if (names.isEmpty()) {
                names.putAll(namesByVariable());
              }
              String bare = variable.substring(prefix.length());
              written.add(new Written(name(bare, names), text, variable, true));
            }
          });
    }
    return written;
  }

  private static boolean isKey(String variable, String prefix) {
    if (!variable.startsWith(prefix)) {
      return false;
    }
    String bare = variable.substring(prefix.length());
    return !bare.isEmpty() && !OF_SCRIPTS.contains(bare) && !OF_KUBERNETES.matcher(bare).matches();
  }

  private static String name(String bare, Map<String, String> names) {
    return names.getOrDefault(bare, bare.toLowerCase(Locale.ROOT).replace('_', '.'));
  }

  private static Map<String, String> namesByVariable() {
    Map<String, String> names = new HashMap<>();
    for (Key<?> key : KnownKeys.broker()) {
      names.put(key.name().toUpperCase(Locale.ROOT).replace('.', '_'), key.name());
    }
    return names;
  }
}
