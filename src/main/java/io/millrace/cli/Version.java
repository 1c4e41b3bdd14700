package io.millrace.cli;

import java.util.Objects;

/** Says which version this is. Stateless. */
final class Version {
  private Version() {}

  /** Version of the jar; {@code dev} when the classes do not come from one. */
  static String ofMillrace() {
    return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "dev");
  }
}
