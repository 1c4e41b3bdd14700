package io.millrace.network;

import io.millrace.model.Caller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Who is at the other end of one connection. Confined to: the loop of the connection. */
final class ClientIdentity {
  /** KIP-511: what a software name and version may look like. */
  private static final Pattern SOFTWARE =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

  private static final int SOFTWARE_CHARS_MAX = 1000;

  private final long connectionId;
  private final InetSocketAddress dialled;
  private Caller caller;
  private String softwareName = "unknown";
  private String softwareVersion = "unknown";

  ClientIdentity(
      long connectionId, String listener, InetSocketAddress remote, InetSocketAddress dialled) {
    this.connectionId = connectionId;
    this.dialled = dialled;
    this.caller = new Caller(KafkaPrincipal.ANONYMOUS, "", remote.getAddress(), listener);
  }

  /** The caller of a request with this client id; the same object while the id stays the same. */
  Caller caller(String clientId) {
    if (!caller.clientId().equals(clientId)) {
      caller = new Caller(caller.principal(), clientId, caller.host(), caller.listener());
    }
    return caller;
  }

  /**
   * Notes which software the client runs.
   *
   * @return false when name or version are not as KIP-511 wants them
   */
  boolean introduces(String name, String version) {
    if (!isSoftware(name) || !isSoftware(version)) {
      return false;
    }
    softwareName = name;
    softwareVersion = version;
    return true;
  }

  private static boolean isSoftware(String text) {
    return text.length() <= SOFTWARE_CHARS_MAX && SOFTWARE.matcher(text).matches();
  }

  long connectionId() {
    return connectionId;
  }

  InetAddress address() {
    return caller.host();
  }

  String listener() {
    return caller.listener();
  }

  InetSocketAddress dialled() {
    return dialled;
  }

  String softwareName() {
    return softwareName;
  }

  String softwareVersion() {
    return softwareVersion;
  }
}
