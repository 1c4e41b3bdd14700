package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.cluster.Mutant.Mutation;
import org.junit.jupiter.api.Test;

/** The list of broken rules is about the code that there is. */
class MutationsTest {

  @Test
  void everyRuleCanBeBroken() throws Exception {
    for (Mutation mutation : Mutations.ALL) {
      assertThat(Mutant.changed(mutation)).as(mutation.rule()).contains(mutation.wrong());
    }
  }
}
