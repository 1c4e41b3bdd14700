package io.millrace.cli;

import java.util.Objects;
import picocli.CommandLine;

/** Says which version this is. Stateless. */
final class Version implements CommandLine.IVersionProvider {

  /** Version of the jar; {@code dev} when the classes do not come from one. */
  static String ofMillrace() {
    return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "dev");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Millrace " + ofMillrace() + " (Java " + Runtime.version().feature() + ")"
    };
  }
}
