package io.millrace.push;

import io.millrace.browser.RefusedException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens to a subscription that cannot keep up. */
enum OnLag {
  /** It gets everything, later. */
  WAIT,
  /** It jumps to the end when too far behind, and is told the gap. */
  SKIP,
  /** It gets the newest record of each key of what gathered while it had no credit. */
  CONFLATE,
  /** Its session is closed. */
  CLOSE;

  static OnLag of(@Nullable String word) {
    if (word == null) {
      return WAIT;
    }
    for (OnLag policy : values()) {
      if (policy.word().equals(word)) {
        return policy;
      }
    }
    throw RefusedException.invalid(
        "The onLag " + word + " is not known.", "Use wait, skip, conflate or close.");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
