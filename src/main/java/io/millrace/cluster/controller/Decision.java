package io.millrace.cluster.controller;

import io.millrace.metadata.Fact;
import java.util.List;

/**
 * What the controller decided on a request.
 *
 * @param facts what happens, all or nothing; empty when the reply only says why not
 * @param reply what the asker is told once the facts have happened
 */
public record Decision<R>(List<Fact> facts, R reply) {
  public Decision {
    facts = List.copyOf(facts);
  }

  /** Nothing happens. */
  public static <R> Decision<R> only(R reply) {
    return new Decision<>(List.of(), reply);
  }
}
