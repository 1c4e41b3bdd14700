package io.millrace.browser.frame;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a record's value stands in JSON. */
public enum ValueMode {
  /** JSON as it stands, other text as a string, the rest as base64. */
  AUTO,
  /** JSON as it stands, the rest as base64. */
  JSON,
  /** Text as a string, the rest as base64. */
  TEXT,
  /** Base64. */
  B64,
  /** Not at all. */
  NONE;

  /** The mode of that name, or null. */
  public static @Nullable ValueMode of(String word) {
    for (ValueMode mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    return null;
  }

  /** Its name in the interface. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
