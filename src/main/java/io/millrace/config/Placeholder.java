package io.millrace.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the stand-ins that samples and tutorials print where a host belongs, such as {@code
 * your.host.name}, {@code {ec2.host.name}} or {@code <your-ip>}. Stateless.
 */
final class Placeholder {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]*|[0-9A-Fa-f:.]+(%.+)?");

  private static final Pattern YOURS =
      Pattern.compile(
          "your[._-]?((ec2|public|private|server|broker)[._-]?)*(host|ip|dns|domain|server)"
              + "([._-]?(name|address))?");

  private static final Set<String> NAMED =
      Set.of("host.name", "ec2.host.name", "public.ip", "public-ip", "public_ip", "ip.address");

  private Placeholder() {}

  /** Whether a host is such a stand-in: no host has that name, or none should. */
  static boolean is(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return !HOST.matcher(host).matches() || NAMED.contains(lower) || YOURS.matcher(lower).matches();
  }
}
