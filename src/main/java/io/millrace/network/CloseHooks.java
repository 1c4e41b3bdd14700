package io.millrace.network;

import io.millrace.handler.ConnectionScope.Hook;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Steps to run when a connection ends: a ring of links, since every long poll adds and removes one.
 * Confined to: the loop of the connection.
 */
final class CloseHooks {
  private static final class Link implements Hook {
    private @Nullable Runnable step;
    private Link before = this;
    private Link after = this;

    @Override
    public void remove() {
      step = null;
      before.after = after;
      after.before = before;
      before = this;
      after = this;
    }
  }

  private @Nullable Link ring;

  Hook add(Runnable step) {
    if (ring == null) {
      ring = new Link();
    }
    Link link = new Link();
    link.step = step;
    link.before = ring.before;
    link.after = ring;
    ring.before.after = link;
    ring.before = link;
    return link;
  }

  /** Runs and removes all; a step that fails does not keep the others from running. */
  void runAll(Consumer<RuntimeException> onFault) {
    while (ring != null && ring.after != ring) {
      Link first = ring.after;
      Runnable step = first.step;
      first.remove();
      try {
        if (step != null) {
          step.run();
        }
      } catch (RuntimeException e) {
        onFault.accept(e);
      }
    }
  }
}
