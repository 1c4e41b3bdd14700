package io.millrace.cli.tool;

import java.util.Objects;

/** Says which release of Millrace this is. Stateless. */
public final class Release {
  private Release() {}

  /** Version of the jar; {@code dev} when the classes do not come from one. */
  public static String version() {
    return Objects.requireNonNullElse(Release.class.getPackage().getImplementationVersion(), "dev");
  }
}
