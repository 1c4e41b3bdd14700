package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** Reads credentials of users ({@code SCRAM-SHA-256=[iterations=8192,password=p]}). Stateless. */
final class ScramPairs {
  private static final Pattern FORM = Pattern.compile("(?:iterations=(-?\\d+),)?password=(.*)");
  private static final int ITERATIONS = 4096;
  private static final int ITERATIONS_MIN = 4096;

  private ScramPairs() {}

  /** Whether a key names a mechanism of login. */
  static boolean isMechanism(String key) {
    return ScramMechanism.fromMechanismName(key) != ScramMechanism.UNKNOWN;
  }

  /** What is to change for a user. */
  static List<UserScramCredentialAlteration> alterations(String user, ConfigPairs pairs) {
    List<UserScramCredentialAlteration> alterations = new ArrayList<>();
    pairs
        .deleted()
        .forEach(
            key ->
                alterations.add(
                    new UserScramCredentialDeletion(user, ScramMechanism.fromMechanismName(key))));
    pairs.added().forEach((key, value) -> alterations.add(upsertion(user, key, value)));
    return alterations;
  }

  private static UserScramCredentialUpsertion upsertion(String user, String key, String value) {
    Matcher form = FORM.matcher(value);
    if (!form.matches()) {
      throw ToolException.wrongUsage("Invalid credential property " + key + "=" + value)
          .hint("Write " + key + "=[iterations=8192,password=…] or " + key + "=[password=…].");
    }
    String told = form.group(1);
    int iterations = told == null || told.equals("-1") ? ITERATIONS : Integer.parseInt(told);
    if (iterations < ITERATIONS_MIN) {
      throw ToolException.wrongUsage(
          "Iterations %d is less than the minimum %d required for %s"
              .formatted(iterations, ITERATIONS_MIN, key));
    }
    return new UserScramCredentialUpsertion(
        user,
        new ScramCredentialInfo(ScramMechanism.fromMechanismName(key), iterations),
        form.group(2).getBytes(StandardCharsets.UTF_8));
  }
}
