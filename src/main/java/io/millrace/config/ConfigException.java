package io.millrace.config;

import java.util.List;

/** A configuration that cannot be used. Its message is a sentence for the person who wrote it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One problem. */
  public ConfigException(String problem) {
    super(problem);
  }

  /** Several problems, one per line of the message. */
  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
