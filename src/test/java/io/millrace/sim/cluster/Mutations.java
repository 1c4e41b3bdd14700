package io.millrace.sim.cluster;

import io.millrace.sim.cluster.Mutant.Mutation;
import java.util.List;

/** Rules of the cluster, each with the change that breaks it. Stateless. */
final class Mutations {
  private Mutations() {}

  static final List<Mutation> ALL =
      List.of(
          new Mutation(
              "a repeat of what stands in the log is not appended again",
              "storage/log/ProducerTable.java",
              "x",
              "y"));
}
